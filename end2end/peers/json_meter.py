"""A meter that answers every GET with JSON, on the port given."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

VALUES = {
    "power_kw": 18.2,
    "total_kwh": 4211.5,
    "voltage": 230.7,
    "current": 80.4,
    "power_factor": "0.95",
    "frequency": 50.02,
}


class Meter(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(VALUES).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing of requests that went well."""


HTTPServer(("127.0.0.1", int(sys.argv[1])), Meter).serve_forever()

"""An Eastron SDM630 at unit 3, served by pymodbus on the port given.

The input registers are those of the maker's protocol document, 30001 to 30080: 32-bit floats, the
high word first.
"""

import asyncio
import sys

from pymodbus.server import StartAsyncTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

BY_REGISTER = {
    30001: 231.5, 30003: 229.0, 30005: 230.0,  # V, by phase
    30007: 60.0, 30009: 55.5, 30011: 58.75,  # A, by phase
    30013: 13500.0, 30015: 12200.0, 30017: 13100.0,  # W, by phase
    30053: 38800.0,  # W
    30061: 4250.0,  # VAr
    30071: 49.98,  # Hz
    30073: 48213.5,  # kWh imported
    30075: 12.25,  # kWh exported
}

registers = [BY_REGISTER.get(number, 0.0) for number in range(30001, 30081, 2)]
inputs = [SimData(0, values=registers, datatype=DataType.FLOAT32)]
other = [SimData(0, datatype=DataType.BITS, values=False)]
holding = [SimData(0, datatype=DataType.REGISTERS)]
meter = SimDevice(3, simdata=(other, other, holding, inputs))

asyncio.run(StartAsyncTcpServer(meter, address=("127.0.0.1", int(sys.argv[1]))))

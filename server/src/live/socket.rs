//! The same stream over a WebSocket (RFC 6455): a text message each, `{"event", "id", "data"}`.

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, close_code};
use futures::{Stream, StreamExt as _};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{HEARTBEAT, Message};

/// Bytes of a message from the client at most: nothing that it says is needed.
pub const MOST_HEARD: usize = 4 << 10;

/// Sends messages until they end or the client goes. What the client says is not listened to; that it
/// answers a ping, or closes, is seen to by the protocol.
pub async fn send(mut socket: WebSocket, messages: impl Stream<Item = Message> + Send) {
    let mut messages = std::pin::pin!(messages);
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let frame = tokio::select! {
            message = messages.next() => match message {
                Some(message) => Frame::text(text(&message)),
                None => break,
            },
            heard = socket.recv() => match heard {
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
            _ = heartbeat.tick() => Frame::Ping(axum::body::Bytes::new()),
        };
        if socket.send(frame).await.is_err() {
            return;
        }
    }
    let end = CloseFrame { code: close_code::AWAY, reason: "the server stops".into() };
    // Who is gone already needs no farewell.
    socket.send(Frame::Close(Some(end))).await.ok();
}

fn text(message: &Message) -> String {
    let Message { id, event, data } = message;
    match id {
        Some(id) => format!(r#"{{"event":"{event}","id":{id},"data":{data}}}"#),
        None => format!(r#"{{"event":"{event}","data":{data}}}"#),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_json_document() {
        let message = Message { id: Some(7), event: "delta", data: r#"{"id":7}"#.to_owned() };
        assert_eq!(text(&message), r#"{"event":"delta","id":7,"data":{"id":7}}"#);
        let bye = Message { id: None, event: "bye", data: "{}".to_owned() };
        assert_eq!(text(&bye), r#"{"event":"bye","data":{}}"#);
    }
}

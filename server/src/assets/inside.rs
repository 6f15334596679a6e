//! Assets inside the program, handed out as they lie there: compressed once, when they were built.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use axum::http::{Response, StatusCode};
use axum::routing::get;
use bytes::Bytes;
use rust_embed::{Embed, EmbeddedFile};

use super::FOREVER;

/// What other assets than the package say of their age: ask, and keep what has not changed.
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// The ending of a compressed file.
const BROTLI: &str = ".br";

/// Files by their path below the site's folder.
#[derive(Debug, Clone, Default)]
pub struct Inside(Arc<BTreeMap<String, File>>);

#[derive(Debug, Clone)]
struct File {
    content: Bytes,
    /// Whether the content is compressed.
    is_brotli: bool,
    media_type: HeaderValue,
    tag: HeaderValue,
}

impl Inside {
    /// The files that a program was built with.
    pub fn of<E: Embed>() -> Self {
        let files =
            E::iter().filter_map(|name| Some((name.to_string(), file(&name, E::get(&name)?))));
        Self(Arc::new(files.collect()))
    }

    pub(super) fn read(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(|file| &*file.content)
    }

    /// A route for each file.
    pub(super) fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let mut router = Router::new();
        for (name, file) in self.0.iter() {
            let name = name.strip_suffix(BROTLI).unwrap_or(name);
            let file = file.clone();
            let age = if name.starts_with("pkg/") { FOREVER } else { ASK };
            let answer = move |headers: HeaderMap| std::future::ready(file.answer(&headers, age));
            router = router.route(&format!("/{name}"), get(answer));
        }
        router
    }
}

fn file(name: &str, file: EmbeddedFile) -> File {
    let plain = name.strip_suffix(BROTLI);
    let media_type = mime_guess::from_path(plain.unwrap_or(name)).first_or_octet_stream();
    let digest = file.metadata.sha256_hash();
    let tag = digest.iter().take(8).fold(0_u64, |tag, &byte| tag << 8 | u64::from(byte));
    let header = |text: &str| HeaderValue::from_str(text).ok();
    File {
        content: match file.data {
            Cow::Borrowed(content) => Bytes::from_static(content),
            Cow::Owned(content) => content.into(),
        },
        is_brotli: plain.is_some(),
        media_type: header(media_type.as_ref())
            .unwrap_or(HeaderValue::from_static("application/octet-stream")),
        tag: header(&format!("\"{tag:016x}\"")).unwrap_or(HeaderValue::from_static("\"\"")),
    }
}

impl File {
    /// The file as it lies here, unpacked for who does not take that; nothing but the news that it has
    /// not changed for who has it.
    fn answer(&self, asked: &HeaderMap, age: HeaderValue) -> Response<Body> {
        let mut answer = Response::new(Body::empty());
        let headers = answer.headers_mut();
        headers.insert(CACHE_CONTROL, age);
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(ETAG, self.tag.clone());
        if asked.get(IF_NONE_MATCH).is_some_and(|known| known == self.tag) {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            return answer;
        }
        headers.insert(CONTENT_TYPE, self.media_type.clone());
        let content = if !self.is_brotli {
            Ok(self.content.clone())
        } else if takes_brotli(asked) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
            Ok(self.content.clone())
        } else {
            unpacked(&self.content)
        };
        match content {
            Ok(content) => *answer.body_mut() = Body::from(content),
            Err(error) => {
                tracing::error!("a file inside the program is damaged: {error}");
                *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
        }
        answer
    }
}

fn unpacked(brotli: &Bytes) -> io::Result<Bytes> {
    let mut content = Vec::new();
    brotli_decompressor::BrotliDecompress(&mut brotli.as_ref(), &mut content)?;
    Ok(content.into())
}

/// Whether a browser takes brotli. One that names it with a weight of nothing does not.
fn takes_brotli(asked: &HeaderMap) -> bool {
    let accepted = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case("br") && weight.parse::<f32>().is_ok_and(|q| q > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::Request;
    use brotli::BrotliCompress;
    use brotli::enc::BrotliEncoderParams;
    use tower::ServiceExt as _;

    fn inside() -> Inside {
        let mut packed = Vec::new();
        BrotliCompress(&mut b"plain".as_slice(), &mut packed, &BrotliEncoderParams::default())
            .unwrap();
        let entry = |name: &str, content: Vec<u8>| {
            let file = File {
                content: content.into(),
                is_brotli: name.ends_with(BROTLI),
                media_type: HeaderValue::from_static("text/css"),
                tag: HeaderValue::from_static("\"1\""),
            };
            (name.to_owned(), file)
        };
        let files = [entry("pkg/a/main.css.br", packed), entry("icon", b"icon".to_vec())];
        Inside(Arc::new(files.into_iter().collect()))
    }

    async fn get(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = inside().router::<()>().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, to_bytes(body, 1000).await.unwrap().to_vec())
    }

    #[tokio::test]
    async fn who_takes_brotli_gets_it_as_it_lies() {
        let (status, headers, body) =
            get("/pkg/a/main.css", &[("accept-encoding", "gzip, br;q=0.9")]).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(unpacked(&body.into()).unwrap(), b"plain".as_slice());
        assert_eq!(headers[CONTENT_ENCODING], "br");
        assert_eq!(headers[CONTENT_TYPE], "text/css");
        assert!(headers[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    }

    #[tokio::test]
    async fn others_get_it_plain() {
        for taken in ["gzip", "br;q=0", "brotli"] {
            let (_, headers, body) = get("/pkg/a/main.css", &[("accept-encoding", taken)]).await;
            assert_eq!(body, b"plain", "{taken}");
            assert!(!headers.contains_key(CONTENT_ENCODING));
        }
    }

    #[tokio::test]
    async fn what_has_not_changed_is_not_sent_again() {
        let (status, headers, body) = get("/icon", &[("if-none-match", "\"1\"")]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(headers[CACHE_CONTROL], "no-cache");
        assert_eq!(get("/pkg/a/main.css.br", &[]).await.0, StatusCode::NOT_FOUND);
    }
}

//! The port (端口): connections are taken in, so many at a time, encrypted where certificate files are named, and none may keep us waiting.
//! Certificates are read in `tls`; what is answered is the router's.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower_service::Service;

use crate::web::service::tls::Certified;

/// Connections at a time: two hundred units with six each, and room.
const CONNECTIONS: usize = 2048;
/// Until the head of a request, or a handshake, has come in whole.
const HEAD: Duration = Duration::from_secs(20);
/// Most bytes of a request's head.
const HEAD_BYTES: usize = 32 << 10;
/// What was begun may take so long when the service ends.
const GRACE: Duration = Duration::from_secs(30);
/// The first byte of a TLS handshake (RFC 8446, 5.1: content type 22).
const HANDSHAKE: u8 = 22;

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Answers until `end`, then finishes what was begun; whether all of it was finished in time.
pub(in crate::web) async fn serve(
    listener: TcpListener,
    certified: Option<Arc<Certified>>,
    routes: Router,
    end: impl Future<Output = ()>,
) -> bool {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut end = pin!(end.fuse());
    loop {
        let taken = async {
            // never closed
            let place = room.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            taken = taken => taken,
            () = &mut end => break,
        };
        let Ok((stream, address)) = accepted else {
            // no file handles are left, or the peer went away: others go on
            sleep(Duration::from_millis(200)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (watcher, routes, certified) = (graceful.watcher(), routes.clone(), certified.clone());
        tokio::spawn(async move {
            let _place = place;
            match certified {
                None => answer(stream, Peer(address), routes, watcher).await,
                Some(certified) => {
                    secured(stream, Peer(address), routes, watcher, &certified).await
                }
            }
        });
    }
    drop(listener);
    timeout(GRACE, graceful.shutdown()).await.is_ok()
}

async fn secured(
    stream: TcpStream,
    peer: Peer,
    routes: Router,
    watcher: Watcher,
    certified: &Certified,
) {
    let mut first = [0];
    match timeout(HEAD, stream.peek(&mut first)).await {
        Ok(Ok(1)) if first == [HANDSHAKE] => {}
        Ok(Ok(1)) => {
            let _ = timeout(HEAD, to_https(stream)).await;
            return;
        }
        _ => return,
    }
    // a peer that cannot speak TLS, or does not trust the certificate, hears so from its own program
    if let Ok(Ok(stream)) = timeout(HEAD, certified.acceptor().accept(stream)).await {
        answer(stream, peer, routes, watcher).await;
    }
}

async fn answer<S>(stream: S, peer: Peer, routes: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        routes.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_header_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    // a connection that breaks off is its peer's affair; what it asked for has been answered or shows in the log
    let _ = watcher.watch(connection).await;
}

/// Tells a browser that began in the clear where to go on.
async fn to_https(mut stream: TcpStream) -> std::io::Result<()> {
    let mut head = Vec::with_capacity(1024);
    while head.len() < HEAD_BYTES && !head.windows(4).any(|w| w == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let answer = match secure_address(&head) {
        Some(address) => format!(
            "HTTP/1.1 308 Permanent Redirect\r\nlocation: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ),
        None => {
            let words = "本服务只经 HTTPS 访问，请用 https:// 开头的地址。\n";
            format!(
                "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{words}",
                words.len()
            )
        }
    };
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// The address that was asked for in the clear, as HTTPS; none where the request only asks for something to be changed, or is no request.
fn secure_address(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let mut request = lines.next()?.split(' ');
    let (method, path) = (request.next()?, request.next()?);
    if !matches!(method, "GET" | "HEAD") || !path.starts_with('/') {
        return None;
    }
    let host = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    })?;
    let in_host = |b: u8| b.is_ascii_alphanumeric() || b".-:[]".contains(&b);
    (!host.is_empty() && host.bytes().all(in_host) && path.bytes().all(|b| b.is_ascii_graphic()))
        .then(|| format!("https://{host}{path}"))
}

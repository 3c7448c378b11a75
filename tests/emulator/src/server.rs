//! Connections: TCP, TLS where asked for, HTTP/1.1 with keep-alive.

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::breakage::Breakage;
use crate::front::{self, App, Peer};

/// Accepts connections for ever; each is a task of its own.
pub(crate) async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, app: App) {
    let routes = front::routes(app.clone());
    loop {
        let Ok((stream, address)) = listener.accept().await else {
            // Out of file descriptors, say: some will be free in a moment.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Small replies shall not wait for more; without it they are only slower.
        let _ = stream.set_nodelay(true);
        let peer = Peer(address.ip());
        let (tls, app, routes) = (tls.clone(), app.clone(), routes.clone());
        tokio::spawn(async move {
            match tls {
                None => converse(stream, peer, app, routes).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        converse(stream, peer, app, routes).await;
                    }
                }
            }
        });
    }
}

/// One connection, request after request, until either side ends it or a fault does.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, peer: Peer, app: App, routes: Router) {
    let mut closing = app.connections.subscribe();
    let service = service_fn(|request| front::answer(app.clone(), routes.clone(), peer, request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        _ = closing.changed() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    let broken = ended
        .err()
        .and_then(|error| error.source()?.downcast_ref::<Breakage>().cloned());
    if let Some(breakage) = broken {
        // The client may be gone by now, which ends the connection as well.
        let _ = breakage.play(connection.into_parts().io.into_inner()).await;
    }
}

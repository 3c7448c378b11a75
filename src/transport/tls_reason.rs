//! Why there is no TLS, in words for people: what rustls says of it are names in its source.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
use webpki::Error as PathError;

/// What follows "no TLS with HOST: ".
pub(super) fn tls_reason(error: &Error) -> String {
    let reason = match error {
        Error::InvalidCertificate(error) => certificate_reason(error),
        Error::AlertReceived(alert) => return alert_reason(*alert),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the other end does not speak TLS; is this its HTTPS port?"
        }
        Error::InvalidMessage(_)
        | Error::InappropriateMessage { .. }
        | Error::InappropriateHandshakeMessage { .. }
        | Error::PeerMisbehaved(_)
        | Error::PeerSentOversizedRecord
        | Error::DecryptError => {
            "what the other end sends breaks the rules of TLS; is this its HTTPS port, and does nothing on the way change it?"
        }
        Error::PeerIncompatible(_) => {
            "the other end has no version, cipher or signature in common with libxq, which has TLS 1.2 and 1.3 with AES-GCM"
        }
        Error::NoCertificatesPresented => "the other end has no certificate",
        Error::FailedToGetCurrentTime => "this machine does not know the time",
        Error::FailedToGetRandomBytes => "this machine has no random bytes",
        _ => "the handshake failed",
    };
    reason.to_owned()
}

fn certificate_reason(error: &CertificateError) -> &'static str {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => "its certificate has expired; is this machine's clock right?",
        E::NotValidYet | E::NotValidYetContext { .. } => {
            "its certificate is not valid yet; is this machine's clock right?"
        }
        E::UnknownIssuer => {
            "its certificate comes from a root that is not trusted; a private root is added with xq_config_set_ca_file"
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => "its certificate is for another host",
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            "its certificate is for another purpose than to be a server's (the extended key usage has no serverAuth)"
        }
        E::Revoked => "its certificate is revoked",
        E::BadEncoding => "its certificate does not parse",
        E::BadSignature => {
            "a signature does not verify, of its certificate or of the handshake; RSA keys need 2048 bits or more"
        }
        E::Other(other) => match other.0.downcast_ref() {
            Some(PathError::CaUsedAsEndEntity) => {
                "its certificate is that of an authority (a CA), which no server can use for its own; expected one that \
                 the authority has signed for this host"
            }
            _ => BROKEN_RULES,
        },
        E::UnsupportedSignatureAlgorithmContext { .. } | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "its certificate is signed in a way that is not accepted, such as SHA-1 or a curve beyond P-384"
        }
        _ => BROKEN_RULES,
    }
}

const BROKEN_RULES: &str = "its certificate, or one above it, breaks the rules for certificates of servers (its version, an \
                            extension, the names or the number of certificates that one above it allows)";

/// What the other end says when it gives up.
fn alert_reason(alert: AlertDescription) -> String {
    use AlertDescription as A;
    let known = match alert {
        A::ProtocolVersion => "the other end speaks no TLS 1.2 or 1.3",
        A::HandshakeFailure | A::InsufficientSecurity => {
            "the other end has no cipher or signature in common with libxq, which has AES-GCM alone"
        }
        A::UnrecognisedName => "the other end does not know this host's name",
        A::CertificateRequired | A::NoCertificate => {
            "the other end asks for a certificate of the client's, of which libxq has none"
        }
        A::InternalError => "the other end failed (alert 80)",
        other => return format!("the other end broke off (alert {})", u8::from(other)),
    };
    known.to_owned()
}

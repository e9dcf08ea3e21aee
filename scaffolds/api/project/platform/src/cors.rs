//! Which front ends at other addresses browsers let in (CORS): none until `CORS_ORIGINS` names them.

use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::CorsLayer;
use tower_http::csrf::CsrfLayer;

/// How long browsers remember what is allowed.
const MAX_AGE: Duration = Duration::from_secs(3_600);

/// The addresses of the front ends; none by default.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<String>);

impl Origins {
    /// What lets them in; cookies stay out, programs send tokens.
    pub(crate) fn layer(&self) -> Option<CorsLayer> {
        let origins: Vec<HeaderValue> =
            self.0.iter().filter_map(|text| text.parse().ok()).collect();
        let methods = [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ];
        let exposed = [
            header::LOCATION,
            header::RETRY_AFTER,
            HeaderName::from_static("x-request-id"),
        ];
        let cors = CorsLayer::new()
            .allow_methods(methods)
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
            .expose_headers(exposed)
            .max_age(MAX_AGE);
        (!origins.is_empty()).then(|| cors.allow_origin(origins))
    }

    /// What a front end sends is not refused as the request of another site.
    pub(crate) fn trusted_by(&self, csrf: CsrfLayer) -> CsrfLayer {
        self.0.iter().fold(csrf, |csrf, origin| {
            let trusting = csrf.clone().add_trusted_origin(origin.as_str());
            trusting.unwrap_or(csrf)
        })
    }
}

impl FromStr for Origins {
    type Err = String;

    /// A list separated by commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let origins = text.split(',').map(str::trim);
        let origins = origins.filter(|origin| !origin.is_empty()).map(|origin| {
            let known = CsrfLayer::new().add_trusted_origin(origin);
            match known {
                Ok(_) if origin.parse::<HeaderValue>().is_ok() => Ok(origin.to_owned()),
                _ => Err(format!(
                    "`{origin}` is not the address of a front end as browsers send it, like https://app.example"
                )),
            }
        });
        origins.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        let none: Origins = "".parse().expect("nobody is let in");
        assert!(none.layer().is_none());
        let two = "https://app.example, http://localhost:5173".parse::<Origins>();
        assert!(two.is_ok_and(|origins| origins.0.len() == 2 && origins.layer().is_some()));
        for bad in [
            "*",
            "app.example",
            "https://app.example/",
            "https://a?b",
            "null",
        ] {
            assert!(bad.parse::<Origins>().is_err(), "{bad}");
        }
    }
}

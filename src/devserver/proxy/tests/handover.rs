//! From one generation of the site to the next: what waits, what is answered by the old one, what is sent again.

use super::*;

#[tokio::test]
async fn a_request_waits_for_the_first_site() {
    let (address, switch) = proxy().await;
    let waiting = tokio::spawn(ask(address, GET));
    switch.is_waited_for(1).await;
    assert!(!waiting.is_finished());
    switch.set(Destination::To(Upstream::new(1, echo("first").await)));
    assert!(waiting.await.expect("an answer").contains("first"));
}

#[tokio::test]
async fn without_a_site_it_is_said_why_as_a_page_or_a_problem() {
    let (address, switch) = proxy().await;
    switch.set(Destination::Down("<mistake>".into()));
    let problem = ask(address, GET).await;
    assert!(problem.starts_with("HTTP/1.1 503 "), "{problem}");
    assert!(problem.contains("application/problem+json"), "{problem}");
    assert!(problem.contains(r#""detail":"<mistake>""#), "{problem}");
    let page = ask(address, &GET.replace("Host", "Accept: text/html\r\nHost")).await;
    assert!(page.starts_with("HTTP/1.1 503 "), "{page}");
    assert!(page.contains("&lt;mistake&gt;"), "{page}");
}

#[tokio::test]
async fn a_swap_lets_the_old_site_answer_what_it_was_asked() {
    let (slow, finish) = patient("", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nold").await;
    let (address, switch, old) = before(slow).await;
    let mut stream = connect(address).await;
    send(&mut stream, &GET.replace("close", "keep-alive")).await;
    // The request is on its way when the swap comes.
    old.is_busy().await;
    switch.set(Destination::To(Upstream::new(2, echo("new").await)));
    assert!(ask(address, GET).await.contains("new"));
    finish.send(true).expect("heard");
    let answer = until(&mut stream, "old").await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    old.idle().await;
    // The same connection goes on with the new site.
    send(&mut stream, GET).await;
    assert!(rest(&mut stream).await.contains("new"));
}

#[tokio::test]
async fn what_the_site_may_have_read_is_never_sent_again() {
    let rude = |mut stream: TcpStream| async move {
        head(&mut stream).await;
    };
    let (site, count) = site(rude).await;
    let (address, _, _) = before(site).await;
    for method in ["GET", "POST"] {
        count.store(0, Ordering::SeqCst);
        let answer = ask(address, &GET.replace("GET", method)).await;
        assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
        assert_eq!(count.load(Ordering::SeqCst), 1, "{method}");
    }
}

#[tokio::test]
async fn what_was_not_sent_goes_to_the_next_site() {
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (address, switch, _) = before(gone.local_addr().expect("an address")).await;
    drop(gone);
    let waiting = tokio::spawn(ask(address, GET));
    // It was refused, and waits for another site.
    switch.is_waited_for(1).await;
    switch.set(Destination::Hold);
    switch.is_waited_for(1).await;
    switch.set(Destination::To(Upstream::new(2, echo("next").await)));
    assert!(waiting.await.expect("an answer").contains("next"));
}

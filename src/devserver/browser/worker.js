// Listens for all tabs of this site; `client.js` starts it.
"use strict";
const ports = new Set();
let last = null;

const tell = (message) => {
  last = message;
  for (const port of ports) port.postMessage(message);
};

const source = new EventSource(`/__luthier/events${self.location.search}`);
source.addEventListener("message", (event) => tell({ type: "page", page: JSON.parse(event.data) }));
source.addEventListener("error", () => tell({ type: source.readyState === EventSource.CLOSED ? "stale" : "lost" }));

self.addEventListener("connect", ({ ports: [port] }) => {
  ports.add(port);
  port.start();
  if (last) port.postMessage(last);
});

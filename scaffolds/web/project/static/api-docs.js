// Shows /api/openapi.json with Swagger UI.
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api-docs",
  // Its links would lie within buttons, where nobody gets to them without a mouse.
  deepLinking: false,
  tryItOutEnabled: true,
});

// The field of a request's body has no label, and long examples are scrolled by who has a mouse alone.
new MutationObserver(() => {
  for (const field of document.querySelectorAll("#api-docs textarea:not([aria-label])")) {
    field.setAttribute("aria-label", "Request body");
  }
  for (const example of document.querySelectorAll("#api-docs pre.example:not([tabindex])")) {
    example.tabIndex = 0;
  }
}).observe(document.getElementById("api-docs"), { childList: true, subtree: true });

// Shows /api/openapi.json with Swagger UI.
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api-docs",
  deepLinking: true,
  tryItOutEnabled: true,
});

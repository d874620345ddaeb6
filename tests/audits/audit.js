// Audits a GraphQL endpoint: the audits of graphql-http, told as JSON by their ids.
//
//     node audit.js URL [KEY]
//
// A GET shows by a header that no link of another site sent it, as docs/api.md asks of every client.
import { serverAudits } from "graphql-http";

const [url, key] = process.argv.slice(2);

function fetchFn(address, { headers, ...options } = {}) {
  const isGet = (options.method ?? "GET") === "GET";
  return fetch(address, {
    ...options,
    headers: {
      ...headers,
      ...(isGet && { "graphql-require-preflight": "1" }),
      ...(key && { authorization: `Bearer ${key}` }),
    },
  });
}

const told = {};
for (const { id, name, fn } of serverAudits({ url, fetchFn })) {
  const { status, reason } = await fn();
  told[id] = { name, status, reason };
}
console.log(JSON.stringify(told));

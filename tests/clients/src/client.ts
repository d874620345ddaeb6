// A client as a front end sets one up: every customer stands in its cache once, under its id; pages of a
// list are shown as one; what an upload changed shows wherever it is shown.
import { readFileSync } from "node:fs";
import { Client, fetchExchange } from "@urql/core";
import { cacheExchange, type UpdateResolver } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import type { DropSegmentMutation, UploadStatus } from "./generated/graphql.js";

const service = process.env["SERVICE_URL"];
const schema: Schema = JSON.parse(readFileSync("src/generated/schema.json", "utf8"));

/** What is looked at here of an introspection. */
type Schema = {
  __schema: {
    queryType: { name: string };
    types: { kind: string; name: string; fields?: { name: string }[] | null }[];
  };
};

/** A client with an empty cache, and the operations that it has sent so far. */
export function connect(): { client: Client; sent: string[] } {
  const sent: string[] = [];
  const client = new Client({
    url: `${service}/graphql`,
    exchanges: [cache(), fetchExchange],
    preferGetMethod: false,
    fetch: (input, init) => {
      sent.push(JSON.parse(String(init?.body)).operationName);
      return fetch(input, init);
    },
  });
  return { client, sent };
}

function cache() {
  return cacheExchange({
    schema,
    keys: Object.fromEntries(withoutId.map((name) => [name, () => null])),
    resolvers: { Query: { customers: relayPagination() }, Segment: { members: relayPagination() } },
    updates: { Mutation: { uploadCustomers: uploaded, deleteSegment: segmentDeleted } },
    logger: (severity, message) => {
      if (severity !== "debug") throw new Error(message); // the cache has found fault with the schema
    },
  });
}

/** Objects that are part of the one that has them. */
const withoutId = schema.__schema.types
  .filter(({ kind, fields }) => kind === "OBJECT" && !fields?.some(({ name }) => name === "id"))
  .map(({ name }) => name);

/** Lists are asked for anew once an upload brought somebody in or took somebody out. */
const uploaded: UpdateResolver<Uploaded> = ({ uploadCustomers: { results } }, _, cache) => {
  const deleted = results.flatMap(({ customer }) => (customer?.isDeleted ? [customer.id] : []));
  for (const id of deleted) cache.invalidate({ __typename: "Customer", id });
  if (deleted.length === 0 && results.every(({ status }) => status !== "CREATED")) return;
  for (const { fieldName, fieldKey } of cache.inspectFields("Query")) {
    if (fieldName.startsWith("customer")) cache.invalidate("Query", fieldKey);
  }
};

/** What every operation with this mutation selects. */
type Uploaded = {
  uploadCustomers: { results: { status: UploadStatus; customer?: { id: string; isDeleted?: boolean } | null }[] };
};

const segmentDeleted: UpdateResolver<DropSegmentMutation> = ({ deleteSegment }, _, cache) => {
  const id = deleteSegment.deletedSegmentId;
  if (id !== null) cache.invalidate({ __typename: "Segment", id });
};

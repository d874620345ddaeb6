import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { CombinedError } from "@urql/core";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";

/** What a program reads of request errors. */
const told = (error: CombinedError | undefined) =>
  error?.graphQLErrors.map(({ extensions: { code, argument } }) => [code as documents.ErrorCode, argument]);

test("a faulty row is refused as data, and the others go in", async () => {
  const rows = [{ externalId: randomUUID(), email: "nobody" }, { externalId: randomUUID() }];

  const { data, error } = await connect().client.mutation(documents.UploadCustomersDocument, { customers: rows });

  assert.equal(error, undefined);
  const [refused, sound] = data!.uploadCustomers.results;
  assert.deepEqual([refused?.status, sound?.status], ["REJECTED", "CREATED"]);
  const [fault] = refused!.errors;
  const code: documents.ErrorCode = "INVALID_EMAIL";
  assert.deepEqual([fault?.code, fault?.field], [code, "email"]);
});

test("a misspelt key of a document is answered with the right one", async () => {
  const document = { external_id: randomUUID(), fist_name: "Ann" };

  const { data } = await connect().client.mutation(documents.UploadDocumentsDocument, { documents: [document] });

  const [fault] = data!.uploadCustomerDocuments.results[0]!.errors;
  assert.deepEqual([fault?.code, fault?.suggestion], ["UNKNOWN_FIELD", "first_name"]);
});

test("an upload that is refused as a whole says why as data too", async () => {
  const variables = { customers: [{ externalId: randomUUID() }], key: "" };

  const { data, error } = await connect().client.mutation(documents.UploadCustomersDocument, variables);

  assert.equal(error, undefined);
  assert.deepEqual(data?.uploadCustomers.errors.map(({ code }) => code), ["IDEMPOTENCY_KEY_INVALID"]);
  assert.equal(data?.uploadCustomers.uploadId, null);
});

test("an argument that can't be is an error with a code and the place", async () => {
  const { error } = await connect().client.query(documents.ScrollDocument, { first: 0 });

  assert.deepEqual(told(error), [["INVALID_ARGUMENT", "first"]]);
});

test("a cursor that is none is an error of its own", async () => {
  const { error } = await connect().client.query(documents.ScrollDocument, { first: 1, after: "elsewhere" });

  assert.deepEqual(told(error)?.map(([code]) => code), ["INVALID_CURSOR"]);
});

test("an identifier that several share is an error with their ids", async () => {
  const { client } = connect();
  const email = `${randomUUID()}@example.org`;
  const rows = [1, 2].map(() => ({ externalId: randomUUID(), email }));
  const { data } = await client.mutation(documents.UploadCustomersDocument, { customers: rows });

  const { error } = await client.query(documents.ByEmailDocument, { email });

  const [shared] = error!.graphQLErrors;
  assert.equal(shared?.extensions["code"], "AMBIGUOUS_IDENTITY");
  const ids = data!.uploadCustomers.results.map(({ customer }) => customer?.id);
  assert.deepEqual(new Set(shared?.extensions["customerIds"] as string[]), new Set(ids));
});

test("a request that is too large is refused with a code as well, and with a status", async () => {
  const { client } = connect();
  const rows = [{ externalId: randomUUID(), city: "x".repeat(17 * 2 ** 20) }];

  const { error } = await client.mutation(documents.UploadCustomersDocument, { customers: rows });

  assert.deepEqual(told(error)?.map(([code]) => code), ["BODY_TOO_LARGE"]);
  assert.equal(error?.response.status, 413);
});

test("a variable of another type is refused with a code, before anything runs", async () => {
  const variables = { first: "many" as unknown as number };

  const { data, error } = await connect().client.query(documents.ScrollDocument, variables);

  assert.equal(data, undefined);
  assert.deepEqual(told(error)?.map(([code]) => code), ["QUERY_INVALID"]);
});

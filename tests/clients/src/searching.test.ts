import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";

test("one box finds by the beginnings of words, in any order, and by the end of a number", async () => {
  const { client } = connect();
  const lastName = `Carroll${randomUUID().replaceAll("-", "")}`; // nobody else's
  const row = { externalId: randomUUID(), firstName: "José", lastName, phoneNumber: "+447757138957" };
  await client.mutation(documents.UploadCustomersDocument, { customers: [row] });

  const { data } = await client.query(documents.SearchBoxDocument, { text: `jos 8957 ${lastName.slice(0, 14)}` });

  assert.deepEqual(data?.customers.nodes.map(({ externalId }) => externalId), [row.externalId]);
});

test("a search for nothing is an error with a code and its place", async () => {
  const { error } = await connect().client.query(documents.SearchBoxDocument, { text: " " });

  const { code, argument } = error!.graphQLErrors[0]!.extensions;
  assert.deepEqual([code, argument], ["INVALID_ARGUMENT", "search"]);
});

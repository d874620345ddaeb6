import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";

/** Uploads five, and gives their external ids, the newest first, as lists have them. */
async function five(): Promise<string[]> {
  const ids = Array.from({ length: 5 }, () => randomUUID());
  for (const externalId of ids) {
    await connect().client.mutation(documents.UploadCustomersDocument, { customers: [{ externalId }] });
  }
  return ids.reverse();
}

type Connection = documents.ScrollQuery["customers"];

const shown = ({ edges }: Connection) => edges.map(({ node }) => node.externalId);

test("pages forwards come together as one list", async () => {
  const { client, sent } = connect();
  const ids = await five();
  const page = async (after?: string | null) =>
    (await client.query(documents.ScrollDocument, { first: 2, after: after ?? null })).data!.customers;

  const first = await page();
  const second = await page(first.pageInfo.endCursor);
  const third = await page(second.pageInfo.endCursor);

  assert.deepEqual(shown(first), ids.slice(0, 2));
  assert.deepEqual(shown(second), ids.slice(0, 4));
  assert.deepEqual(shown(third).slice(0, 5), ids);
  assert.equal(sent.length, 3);
});

test("pages backwards come together in the order of the list", async () => {
  const { client, sent } = connect();
  const ids = await five();
  const { data } = await connect().client.query(documents.ScrollDocument, { first: 5 });
  const page = async (before: string | null) =>
    (await client.query(documents.ScrollBackDocument, { last: 2, before })).data!.customers;

  const last = await page(data!.customers.pageInfo.endCursor);
  const before = await page(last.pageInfo.startCursor);

  assert.deepEqual(shown(last), ids.slice(2, 4));
  assert.deepEqual(shown(before), ids.slice(0, 4));
  assert.deepEqual([last, before].map(({ pageInfo }) => pageInfo.hasPreviousPage), [true, false]);
  assert.equal(sent.length, 2);
});

test("a page that was there before comes out of the cache", async () => {
  const { client, sent } = connect();
  await five();
  const variables = { first: 2 };
  const { data } = await client.query(documents.ScrollDocument, variables);

  const again = await client.query(documents.ScrollDocument, variables);

  assert.deepEqual(again.data, data);
  assert.deepEqual(sent, ["Scroll"]);
});

test("a customer of a list is known by itself: the two are one in the cache", async () => {
  const { client } = connect();
  const [externalId] = await five();
  await client.query(documents.ScrollDocument, { first: 1 });
  await client.query(documents.OneCustomerDocument, { externalId: externalId! });
  await connect().client.mutation(documents.UploadCustomersDocument, { customers: [{ externalId: externalId!, city: "Banbury" }] });

  await client.query(documents.OneCustomerDocument, { externalId: externalId! }, { requestPolicy: "network-only" });

  const list = client.readQuery(documents.ScrollDocument, { first: 1 });
  assert.equal(list?.data?.customers.edges[0]?.node.city, "Banbury");
});

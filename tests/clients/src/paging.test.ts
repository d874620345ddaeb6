import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";

/** Uploads five who joined one after the other, and gives what finds them, and their external ids, the newest first. */
async function five() {
  const tag = randomUUID();
  const customers = [1, 2, 3, 4, 5].map((day) => ({
    externalId: randomUUID(),
    dateJoined: `2026-01-0${day}`,
    tags: tag,
  }));
  await connect().client.mutation(documents.UploadCustomersDocument, { customers });
  const where = { tags: { has: tag } };
  return { where, ids: customers.map(({ externalId }) => externalId).reverse() };
}

type Connection = documents.ScrollQuery["customers"];

const shown = ({ edges }: Connection) => edges.map(({ node }) => node.externalId);

test("pages forwards come together as one list", async () => {
  const { client, sent } = connect();
  const { where, ids } = await five();
  const page = async (after?: string | null) =>
    (await client.query(documents.ScrollDocument, { where, first: 2, after: after ?? null })).data!.customers;

  const first = await page();
  const second = await page(first.pageInfo.endCursor);
  const third = await page(second.pageInfo.endCursor);

  assert.deepEqual(shown(first), ids.slice(0, 2));
  assert.deepEqual(shown(second), ids.slice(0, 4));
  assert.deepEqual(shown(third), ids);
  assert.equal(third.pageInfo.hasNextPage, false);
  assert.equal(sent.length, 3);
});

test("pages backwards come together in the order of the list", async () => {
  const { client, sent } = connect();
  const { where, ids } = await five();
  const { data } = await connect().client.query(documents.ScrollDocument, { where, first: 5 });
  const page = async (before: string | null) =>
    (await client.query(documents.ScrollBackDocument, { where, last: 2, before })).data!.customers;

  const last = await page(data!.customers.pageInfo.endCursor);
  const before = await page(last.pageInfo.startCursor);

  assert.deepEqual(shown(last), ids.slice(2, 4));
  assert.deepEqual(shown(before), ids.slice(0, 4));
  assert.deepEqual([last, before].map(({ pageInfo }) => pageInfo.hasPreviousPage), [true, false]);
  assert.equal(sent.length, 2);
});

test("a page that was there before comes out of the cache", async () => {
  const { client, sent } = connect();
  const { where } = await five();
  const variables = { where, first: 2 };
  const { data } = await client.query(documents.ScrollDocument, variables);

  const again = await client.query(documents.ScrollDocument, variables);

  assert.deepEqual(again.data, data);
  assert.deepEqual(sent, ["Scroll"]);
});

test("a customer of a list and the same one by itself are one in the cache", async () => {
  const { client } = connect();
  const { where, ids } = await five();
  const externalId = ids[0]!;
  await client.query(documents.ScrollDocument, { where, first: 1 });
  await connect().client.mutation(documents.UploadCustomersDocument, { customers: [{ externalId, city: "Banbury" }] });

  await client.query(documents.OneCustomerDocument, { externalId });

  const list = client.readQuery(documents.ScrollDocument, { where, first: 1 });
  assert.equal(list?.data?.customers.edges[0]?.node.city, "Banbury");
});

test("a cursor of one list is refused by another", async () => {
  const { client } = connect();
  const { where } = await five();
  const { data } = await client.query(documents.ScrollDocument, { where, first: 1 });

  const { error } = await client.query(documents.CustomerListDocument, {
    where,
    orderBy: [{ lastName: "ASC" }],
    first: 1,
    facets: [],
    after: data!.customers.pageInfo.endCursor,
  });

  assert.equal(error?.graphQLErrors[0]?.extensions["code"], "INVALID_CURSOR");
});

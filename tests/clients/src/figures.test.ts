import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";

/** Uploads three, and gives what finds them and nobody else. */
async function three(): Promise<documents.CustomerWhere> {
  const tag = randomUUID();
  const rows: documents.CustomerInput[] = [
    { country: "GB", dateJoined: "2024-05-01", email: `${randomUUID()}@example.org`, companyFields: { ACME__points: 50 } },
    { country: "GB", dateJoined: "2024-06-01", companyFields: { ACME__points: 150 } },
    { country: "FI", dateJoined: "2025-05-01", companyFields: { ACME__points: "none" } },
  ];
  const customers = rows.map((row) => ({ ...row, externalId: randomUUID(), tags: [tag, "vip"] }));
  await connect().client.mutation(documents.UploadCustomersDocument, { customers });
  return { tags: { has: tag } };
}

test("a list comes with the choices beside it, each as conditions take it", async () => {
  const { client } = connect();
  const found = await three();
  const facets: documents.CustomerBuckets[] = [
    { country: { size: 5, ignoreOwnFilter: true } },
    { dateJoined: { interval: "YEAR" } },
    { companyField: { name: "ACME__points", width: 100 } },
  ];
  const where = { ...found, country: { eq: "GB" } };

  const { data } = await client.query(documents.CustomerListDocument, { where, first: 50, facets });

  const [country, joined, points] = data!.customers.facets!;
  assert.equal(data!.customers.totalCount, 2);
  assert.deepEqual(country?.buckets.map(({ value, count }) => [value, count]), [["GB", 2], ["FI", 1]]);
  assert.deepEqual(joined?.buckets.map(({ count }) => count), [2]);
  assert.deepEqual(points?.buckets.map(({ from, to, count }) => [from, to, count]), [[0, 100, 1], [100, 200, 1]]);
  const chosen = { ...found, country: { eq: String(country!.buckets[1]!.value) } };
  const { data: others } = await client.query(documents.CustomerListDocument, { where: chosen, first: 50, facets });
  assert.deepEqual(others?.customers.nodes.map((node) => node.country), ["FI"]);
});

test("figures are taken over a list and over its groups", async () => {
  const where = await three();

  const { data } = await connect().client.query(documents.PreviewDocument, { where });

  const { aggregate, groups } = data!.customers;
  assert.deepEqual([aggregate?.filled.email, aggregate?.distinct.country, aggregate?.average.companyField], [1, 2, 100]);
  assert.deepEqual(groups?.map(({ keys, count }) => [keys[0]?.value, count]), [["GB", 2], ["FI", 1]]);
});

test("a facet of what can't be divided so is an error with a code and its place, and the page stays", async () => {
  const where = await three();
  const facets = [{ country: { size: 0 } }];

  const { data, error } = await connect().client.query(documents.CustomerListDocument, { where, first: 50, facets });

  const { path, extensions: { code, argument } } = error!.graphQLErrors[0]!;
  assert.deepEqual([code, path?.join("."), argument], ["INVALID_ARGUMENT", "customers.facets", "of.0.country.size"]);
  assert.equal(data?.customers.facets, null);
  assert.equal(data?.customers.nodes.length, 3);
});

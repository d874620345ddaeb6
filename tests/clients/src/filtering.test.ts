import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";

/** Uploads four, and gives the tag that they share and nobody else has. */
async function four(): Promise<string> {
  const tag = randomUUID();
  const rows: documents.CustomerInput[] = [
    { lastName: "Stewart", country: "GB", canEmail: true, companyFields: { ACME__level: 3 } },
    { lastName: "Carroll", country: "GB", canEmail: true, companyFields: { ACME__level: 1 } },
    { lastName: "Carroll", country: "GB", canEmail: true, companyFields: { ACME__level: 2 } },
    { lastName: "Virtanen", country: "FI", lastLogin: "2001-01-01" },
  ];
  const customers = rows.map((row) => ({ ...row, externalId: randomUUID(), tags: tag }));
  await connect().client.mutation(documents.UploadCustomersDocument, { customers });
  return tag;
}

test("a list is filtered and ordered by what the types allow, company fields too", async () => {
  const tag = await four();
  const variables: documents.CustomerListQueryVariables = {
    where: { tags: { has: tag }, country: { eq: "gb" }, companyFields: [{ name: "ACME__level", gte: 1 }] },
    orderBy: [{ lastName: "ASC" }, { companyField: { name: "ACME__level", direction: "DESC_NULLS_LAST" } }],
    first: 50,
    facets: [],
  };

  const { data } = await connect().client.query(documents.CustomerListDocument, variables);

  const { nodes, totalCount } = data!.customers;
  assert.deepEqual(nodes.map(({ lastName, level }) => [lastName, level]), [["Carroll", 2], ["Carroll", 1], ["Stewart", 3]]);
  assert.equal(totalCount, 3);
});

test("conditions nest", async () => {
  const tag = await four();
  const where: documents.CustomerWhere = {
    tags: { has: tag },
    or: [{ lastLogin: { olderThan: { years: 10 } } }, { not: { companyFields: [{ name: "ACME__level", lt: 3 }] } }],
  };

  const { data } = await connect().client.query(documents.CustomerListDocument, { where, first: 50, facets: [] });

  assert.deepEqual(data!.customers.nodes.map(({ lastName }) => lastName).sort(), ["Stewart", "Virtanen"]);
});

test("pages of two filters are two lists in the cache", async () => {
  const { client } = connect();
  const tag = await four();
  const list = async (country: string) => {
    const where = { tags: { has: tag }, country: { eq: country } };
    const { data } = await client.query(documents.CustomerListDocument, { where, first: 50, facets: [] });
    return data!.customers.nodes.length;
  };

  assert.deepEqual([await list("GB"), await list("FI"), await list("GB")], [3, 1, 3]);
});

test("a condition that nothing can meet is an error with a code and its place", async () => {
  const where = { or: [{ country: { eq: "Britain" } }] };

  const { error } = await connect().client.query(documents.CustomerListDocument, { where, first: 1, facets: [] });

  const [refused] = error!.graphQLErrors;
  assert.deepEqual(refused?.extensions["code"], "INVALID_ARGUMENT");
  assert.deepEqual(refused?.extensions["argument"], "where.or.0.country.eq");
});

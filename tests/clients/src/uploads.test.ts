import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";
import { Watched } from "./watching.js";

const james = () => ({ externalId: randomUUID(), firstName: "James", city: "London", tags: "vip" });
const whereIs = (externalId: string) => ({ externalId: { eq: externalId } });

test("an upload answers with a result for each row, and with the customer as it is now", async () => {
  const { client } = connect();
  const row = { ...james(), companyFields: { COMPANY__customer_group: 1 } };

  const { data, error } = await client.mutation(documents.UploadCustomersDocument, { customers: [row] });

  assert.equal(error, undefined);
  const [result] = data!.uploadCustomers.results;
  assert.deepEqual([result?.status, result?.matchedBy, result?.errors], ["CREATED", null, []]);
  assert.deepEqual(result?.customer?.tags, ["vip"]);
  assert.equal(result?.customer?.group, 1);
});

test("a customer on the screen shows what an upload changed, without being asked for again", async () => {
  const { client, sent } = connect();
  const row = james();
  await client.mutation(documents.UploadCustomersDocument, { customers: [row] });
  const shown = new Watched(client, documents.OneCustomerDocument, { externalId: row.externalId });
  await shown.until(({ customer }) => customer?.city === "London");

  await client.mutation(documents.UploadCustomersDocument, { customers: [{ ...row, city: "Banbury" }] });

  await shown.until(({ customer }) => customer?.city === "Banbury");
  assert.deepEqual(sent, ["UploadCustomers", "OneCustomer", "UploadCustomers"]);
  shown.stop();
});

test("somebody new stands in a list on the screen", async () => {
  const { client } = connect();
  const row = james();
  const shown = new Watched(client, documents.ScrollDocument, { where: whereIs(row.externalId), first: 3 });
  await shown.until(({ customers }) => customers.edges.length === 0);

  await client.mutation(documents.UploadCustomersDocument, { customers: [row] });

  await shown.until(({ customers }) => customers.edges[0]?.node.externalId === row.externalId);
  shown.stop();
});

test("who is deleted leaves the list and the place of its own", async () => {
  const { client } = connect();
  const { externalId, ...rest } = james();
  await client.mutation(documents.UploadCustomersDocument, { customers: [{ externalId, ...rest }] });
  const list = new Watched(client, documents.ScrollDocument, { where: whereIs(externalId), first: 3 });
  const one = new Watched(client, documents.OneCustomerDocument, { externalId });
  await list.until(({ customers }) => customers.edges.length === 1);
  await one.until(({ customer }) => customer !== null);

  await client.mutation(documents.DeleteDocument, { externalId });

  await list.until(({ customers }) => customers.edges.length === 0);
  await one.until(({ customer }) => customer === null);
  list.stop();
  one.stop();
});

test("who is forgotten is shown without a name, without being asked for again", async () => {
  const { client, sent } = connect();
  const row = { ...james(), email: `${randomUUID()}@example.org` };
  await client.mutation(documents.UploadCustomersDocument, { customers: [row] });
  const shown = new Watched(client, documents.OneCustomerDocument, { externalId: row.externalId });
  await shown.until(({ customer }) => customer?.firstName === "James");

  await client.mutation(documents.ForgetDocument, { email: row.email });

  const { customer } = await shown.until(({ customer }) => customer?.isForgotten === true);
  assert.deepEqual([customer?.firstName, customer?.email], [null, null]);
  assert.equal(sent.at(-1), "Forget");
  shown.stop();
});

test("a dry run tells what would change, and the cache keeps what is", async () => {
  const { client } = connect();
  const row = james();
  await client.mutation(documents.UploadCustomersDocument, { customers: [row] });
  const shown = new Watched(client, documents.OneCustomerDocument, { externalId: row.externalId });
  await shown.until(({ customer }) => customer !== null);

  const { data } = await client.mutation(documents.DryRunDocument, { customers: [{ ...row, city: "" }] });

  const [change] = data!.uploadCustomers.results[0]!.changes;
  assert.deepEqual([change?.field, change?.before, change?.after], ["city", "London", null]);
  await shown.until(({ customer }) => customer?.city === "London");
  shown.stop();
});

test("rows as JSON go in by the names of the upload API", async () => {
  const { client } = connect();
  const document = { external_id: randomUUID(), "tags.add": ["vip"], COMPANY__customer_group: 1 };

  const { data } = await client.mutation(documents.UploadDocumentsDocument, { documents: [document] });

  assert.equal(data?.uploadCustomerDocuments.counts.created, 1);
  assert.deepEqual(data?.uploadCustomerDocuments.results, []);
});

test("the same upload sent again under its key is answered with its report", async () => {
  const variables = { customers: [james()], key: randomUUID() };
  const { data: first } = await connect().client.mutation(documents.UploadCustomersDocument, variables);

  const { data: again } = await connect().client.mutation(documents.UploadCustomersDocument, variables);

  assert.deepEqual([first?.uploadCustomers.replayed, again?.uploadCustomers.replayed], [false, true]);
  assert.equal(first?.uploadCustomers.uploadId, again?.uploadCustomers.uploadId);
});

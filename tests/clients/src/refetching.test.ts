import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";
import { Watched } from "./watching.js";

const anew = { requestPolicy: "network-only" } as const;

async function upload(row: documents.CustomerInput): Promise<string> {
  const { data } = await connect().client.mutation(documents.UploadCustomersDocument, { customers: [row] });
  return data!.uploadCustomers.results[0]!.customer!.id;
}

test("a customer is read anew by its id, and shows wherever it stands", async () => {
  const { client } = connect();
  const externalId = randomUUID();
  const id = await upload({ externalId, city: "London" });
  const shown = new Watched(client, documents.OneCustomerDocument, { externalId });
  await shown.until(({ customer }) => customer?.id === id);
  await upload({ externalId, city: "Banbury" }); // by another client

  const { data } = await client.query(documents.RefetchDocument, { id }, anew);

  assert.equal(data?.node?.__typename, "Customer");
  await shown.until(({ customer }) => customer?.city === "Banbury");
  shown.stop();
});

test("a person is read anew by its id, as what its records say together", async () => {
  const { client } = connect();
  const canonicalId = randomUUID();
  await upload({ externalId: randomUUID(), canonicalId, firstName: "Jim", tags: "a" });
  const { data } = await client.query(documents.PersonDocument, { canonicalId });
  await upload({ externalId: randomUUID(), canonicalId, firstName: "James", tags: "b" });

  await client.query(documents.RefetchDocument, { id: data!.person!.id }, anew);

  const known = client.readQuery(documents.PersonDocument, { canonicalId })?.data?.person;
  assert.equal(known?.firstName, "James");
  assert.deepEqual(new Set(known?.tags), new Set(["a", "b"]));
});

test("nothing is read by the id of somebody who was deleted", async () => {
  const { client } = connect();
  const externalId = randomUUID();
  const id = await upload({ externalId });
  await connect().client.mutation(documents.DeleteDocument, { externalId });

  const { data, error } = await client.query(documents.RefetchDocument, { id });

  assert.equal(error, undefined);
  assert.equal(data?.node, null);
});

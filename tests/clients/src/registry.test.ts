import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";
import { Watched } from "./watching.js";

const { client } = connect();

/** Uploads a customer for each value, in a field that nobody else has; the field's name, and their external ids. */
async function inUse(...values: unknown[]) {
  const name = `ACME__${randomUUID().replaceAll("-", "_")}`;
  const customers = values.map((value) => ({ externalId: randomUUID(), companyFields: { [name]: value } }));
  await client.mutation(documents.UploadCustomersDocument, { customers });
  return { name, ids: customers.map(({ externalId }) => externalId) };
}

const numeric = { declaration: { type: "NUMBER", description: "Points" }, convert: false, dryRun: false } as const;

test("a field in use is listed with the kinds of its values", async () => {
  const { name } = await inUse(3, 4, "gold");

  const { data } = await client.query(documents.RegistryDocument, { search: name });

  const [field] = data!.companyFields.fields;
  assert.deepEqual([field?.name, field?.isDeclared, field?.type], [name, false, "ANY"]);
  assert.deepEqual(field?.usage?.kinds.map(({ kind, customers }) => [kind, customers]), [["NUMBER", 2], ["TEXT", 1]]);
});

test("a field that is declared shows so wherever it is on the screen", async () => {
  const { name } = await inUse(3);
  const list = new Watched(client, documents.RegistryDocument, { search: name });
  await list.until(({ companyFields }) => companyFields.fields.length === 1);

  const { data } = await client.mutation(documents.DeclareDocument, { name, ...numeric });

  assert.deepEqual(data?.declareCompanyField.errors, []);
  await list.until(({ companyFields: { fields } }) => fields[0]?.isDeclared === true && fields[0].type === "NUMBER");
  list.stop();
});

test("a value that is not of the declared type is refused with its row, as data", async () => {
  const { name, ids } = await inUse(3);
  await client.mutation(documents.DeclareDocument, { name, ...numeric });
  const row = { externalId: ids[0]!, companyFields: { [name]: "gold" } };

  const { data } = await client.mutation(documents.UploadCustomersDocument, { customers: [row] });

  const [fault] = data!.uploadCustomers.results[0]!.errors;
  assert.deepEqual([fault?.code, fault?.field], ["DECLARED_TYPE", `companyFields.${name}`]);
});

test("a type that stored values break is refused with a report, as data", async () => {
  const { name, ids } = await inUse(3, "4", "gold");
  const { data: gold } = await client.query(documents.OneFieldDocument, { externalId: ids[2]!, name });

  const { data } = await client.mutation(documents.DeclareDocument, { name, ...numeric, dryRun: true });

  const { report, errors } = data!.declareCompanyField;
  assert.equal(gold?.customer?.value, "gold");
  assert.deepEqual([report?.fitting, report?.convertible, report?.breaking], [1, 1, 1]);
  assert.deepEqual(report?.breakingCustomerIds, [gold.customer.id]);
  assert.equal(errors.length, 1);
});

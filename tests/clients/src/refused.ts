// What a program that misreads the schema meets: none of the lines that are marked here compiles, and a
// mark on a line that does is an error too. Nothing of it runs.
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";

export async function refused(): Promise<void> {
  const { client } = connect();
  const { data } = await client.query(documents.OneCustomerDocument, { externalId: "1" });

  // @ts-expect-error: no field has this name
  data?.customer?.surname;
  // @ts-expect-error: it is there, and the operation does not select it
  data?.customer?.birthDate;
  // @ts-expect-error: it may be null
  data?.customer?.firstName.length;
  // @ts-expect-error: it is never another text
  data?.customer?.smsPermission === "MAYBE";
  // @ts-expect-error: a company field may hold anything
  data?.customer?.group + 1;
  // @ts-expect-error: the variable is left out
  client.query(documents.OneCustomerDocument, {});
  // @ts-expect-error: rows have no such key
  const row: documents.CustomerInput = { surname: "Carroll" };
  // @ts-expect-error: a permission is no number
  const permission: documents.CustomerInput = { canEmail: 1 };
  // @ts-expect-error: nor are sets objects
  const set: documents.CustomerInput = { tags: { add: "vip" } };
  // @ts-expect-error: a text has no members
  const where: documents.CustomerWhere = { city: { has: "London" } };
  // @ts-expect-error: one key of order has one field
  const order: documents.CustomerOrder = { city: "ASC", lastName: "ASC" };
  // @ts-expect-error: texts have no ranges
  const buckets: documents.CustomerBuckets = { city: { interval: "YEAR" } };
  void [row, permission, set, where, order, buckets];
}

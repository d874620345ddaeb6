import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { Client } from "@urql/core";
import { connect } from "./client.js";
import * as documents from "./generated/graphql.js";
import { Watched } from "./watching.js";

async function save(client: Client, name: string, where: documents.CustomerWhere, id: string | null = null) {
  const { data } = await client.mutation(documents.SaveSegmentDocument, { id, name, where });
  return data!.saveSegment;
}

test("a segment has whoever meets its conditions now, page by page", async () => {
  const { client } = connect();
  const tag = randomUUID();
  const customers = ["Andersson", "Brown", "Carroll"].map((lastName) => ({ externalId: randomUUID(), lastName, tags: tag }));
  const { data: uploaded } = await client.mutation(documents.UploadCustomersDocument, { customers });
  const { segment } = await save(client, tag, { tags: { has: tag } });
  const asked = { id: segment!.id, customerId: uploaded!.uploadCustomers.results[0]!.customer!.id };

  const first = (await client.query(documents.ReadSegmentDocument, asked)).data!.segment!;
  const after = first.members!.pageInfo.endCursor;
  const second = (await client.query(documents.ReadSegmentDocument, { ...asked, after })).data!.segment!;

  assert.deepEqual([first.count, first.contains, first.problems], [3, true, []]);
  assert.deepEqual(second.members!.nodes.map(({ lastName }) => lastName), ["Andersson", "Brown", "Carroll"]);
});

test("a segment that is renamed shows its new name in the list of all", async () => {
  const { client, sent } = connect();
  const name = randomUUID();
  const { segment } = await save(client, name, { city: { exists: true } });
  const list = new Watched(client, documents.SegmentsDocument, { search: name });
  await list.until(({ segments }) => segments.nodes.length === 1);

  await save(client, `${name} and more`, { city: { exists: true } }, segment!.id);

  await list.until(({ segments }) => segments.nodes[0]?.name === `${name} and more`);
  assert.equal(sent.filter((operation) => operation === "Segments").length, 1);
  list.stop();
});

test("a segment that is deleted leaves the list of all", async () => {
  const { client } = connect();
  const name = randomUUID();
  const { segment } = await save(client, name, { city: { exists: true } });
  const list = new Watched(client, documents.SegmentsDocument, { search: name });
  await list.until(({ segments }) => segments.nodes.length === 1);

  const { data } = await client.mutation(documents.DropSegmentDocument, { id: segment!.id });

  assert.equal(data?.deleteSegment.deletedSegmentId, segment!.id);
  await list.until(({ segments }) => segments.nodes.length === 0);
  list.stop();
});

test("a name that is taken is refused as data", async () => {
  const { client } = connect();
  const name = randomUUID();
  await save(client, name, { city: { exists: true } });

  const { segment, errors } = await save(client, name, { city: { exists: false } });

  assert.equal(segment, null);
  assert.deepEqual(errors.map(({ code }) => code), ["NAME_TAKEN"]);
});

test("conditions that forgetting would have to erase are refused as data, with their place", async () => {
  const { segment, errors } = await save(connect().client, randomUUID(), { email: { eq: "josh@example.org" } });

  assert.equal(segment, null);
  assert.deepEqual(errors.map(({ field }) => field), ["where.email.eq"]);
});

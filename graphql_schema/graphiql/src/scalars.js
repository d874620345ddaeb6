// What the editor of variables lets stand for each scalar, as JSON Schema; the service judges values.
const object = { type: ["object"] };
const text = { type: ["string"] };

export const scalars = {
  BooleanValue: { type: ["boolean", "string"] },
  CustomerDocument: object,
  Date: text,
  DateTime: text,
  DateTimeValue: text,
  DateValue: text,
  JSON: { type: ["string", "number", "boolean", "object", "array"] },
  JSONObject: object,
  TextSetValue: { type: ["array", "string"], items: text },
  TextValue: { type: ["string", "number"] },
};

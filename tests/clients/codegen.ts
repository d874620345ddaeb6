import type { CodegenConfig } from "@graphql-codegen/cli";

const text = { input: "string", output: "string" };
const object = { input: "Record<string, unknown>", output: "Record<string, unknown>" };
const given = (input: string) => ({ input, output: "never" });

const config: CodegenConfig = {
  emitLegacyCommonJSImports: false, // generated files import one another as Node.js has it
  schema: "../../graphql_schema/schema.graphql",
  documents: "operations/*.graphql",
  generates: {
    "src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        strictScalars: true, // a scalar that is not named here stops the build
        scalars: {
          BooleanValue: given('boolean | ""'),
          CustomerDocument: object,
          Date: text,
          DateTime: text,
          DateTimeValue: given("string"),
          DateValue: given("string"),
          JSON: { input: "unknown", output: "unknown" },
          JSONObject: object,
          TextSetValue: given("string | readonly string[]"),
          TextValue: given("string | number"),
        },
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
    "src/generated/schema.json": { plugins: ["introspection"], config: { minify: true } },
  },
};

export default config;

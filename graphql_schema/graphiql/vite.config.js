import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// What the build's own list of licences (of JavaScript packages) leaves out.
const notices = [
  "@fontsource-variable/fira-code/LICENSE",
  "@fontsource-variable/roboto/LICENSE",
  "monaco-editor/ThirdPartyNotices.txt",
];

const emitNotices = {
  name: "notices",
  generateBundle() {
    const texts = notices.map(
      (path) => `${path}\n\n${readFileSync(`node_modules/${path}`, "utf8").replaceAll("\r", "").trim()}\n`,
    );
    this.emitFile({ type: "asset", fileName: "notices.txt", source: texts.join("\n\n") });
  },
};

// First of all, and a classic script, so that the browser waits for it and for nothing else.
const fragment = {
  name: "fragment",
  buildStart() {
    this.emitFile({ type: "asset", name: "fragment.js", source: readFileSync("src/fragment.js") });
  },
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle }) => {
      const { fileName } = Object.values(bundle).find(({ names }) => names?.includes("fragment.js"));
      return [{ tag: "script", attrs: { src: `/graphiql/${fileName}` }, injectTo: "head-prepend" }];
    },
  },
};

// The editor of variables takes a field that must not be null for one that must be given, also where it
// has a default (GraphiQL's own issue 3571).
const defaults = {
  name: "defaults",
  transform(code, id) {
    if (!id.endsWith("graphql-language-service/esm/utils/getVariablesJSONSchema.js")) return;
    const asked = "if (fieldRequired) {";
    if (!code.includes(asked)) this.error("no longer what is mended here: look whether it still needs to be");
    return code.replace(asked, "if (fieldRequired && field.defaultValue === undefined) {");
  },
};

export default defineConfig({
  base: "/graphiql/",
  plugins: [emitNotices, fragment, defaults],
  worker: { plugins: () => [defaults] },
  build: {
    outDir: "built",
    emptyOutDir: true,
    target: "es2022",
    // Nothing inlined: the page's Content-Security-Policy allows no data: scripts, styles or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      output: { keepNames: true }, // GraphiQL titles its icons by the names of their functions
      onLog(level, log, report) {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log); // "use client" means nothing here
      },
    },
  },
});

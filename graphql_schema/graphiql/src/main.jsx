import "./workers.js";
import "@graphiql/react/style.css";
import "graphiql/graphiql.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./page.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useMemo } from "react";
import { createRoot } from "react-dom/client";

import { useAccess } from "./access.js";
import { Bar } from "./Bar.jsx";
import { fetcherWith } from "./fetcher.js";
import { scalars } from "./scalars.js";
import { SignIn } from "./SignIn.jsx";
import { storage } from "./storage.js";
import { examples, openingTab } from "./tabs.js";

const plugins = [HISTORY_PLUGIN, explorerPlugin()];

function Page({ tab }) {
  const { key } = useAccess();
  const fetcher = useMemo(() => fetcherWith(key), [key]); // another one makes GraphiQL ask for the schema
  return (
    <>
      <Bar />
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        storage={storage}
        shouldPersistHeaders={false}
        defaultTabs={examples}
        initialQuery={tab.query ?? undefined}
        initialVariables={tab.variables ?? undefined}
        customScalarSchemas={scalars}
        defaultEditorToolsVisibility="variables"
      >
        <GraphiQL.Logo>Customer Graph</GraphiQL.Logo>
        <SignIn />
      </GraphiQL>
    </>
  );
}

// The editor first: on a page without it, a tab clicked would get the text of the one before.
await Promise.all([import("monaco-graphql/esm/monaco-editor.js"), import("monaco-graphql/esm/lite.js")]);
createRoot(document.getElementById("page")).render(<Page tab={openingTab()} />);

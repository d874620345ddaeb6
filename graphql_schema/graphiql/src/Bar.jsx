// The line above GraphiQL: who is signed in, and what the service would not do. Nothing where there is
// nothing to say, as where a service runs without keys.
import { ask, publicPart, signOut, useAccess } from "./access.js";
import { useEffect, useState } from "react";

export function Bar() {
  const { key, needed, undocumented, retryAt } = useAccess();
  const isBusy = useIsBefore(retryAt);
  if (!key && !needed && !undocumented && !isBusy) return null;
  return (
    <header className="graphiql-container bar">
      <p role="status">
        {isBusy && `The service takes no more just now. Ask again from ${retryAt.toLocaleTimeString()} on. `}
        {undocumented &&
          "This key may not read the schema (schema:read): no documentation, no completion. Operations run without."}
      </p>
      {key ? (
        <p>
          Signed in as <code>{publicPart(key)}</code>
          <button onClick={signOut}>Sign out</button>
        </p>
      ) : needed ? (
        <p>
          Not signed in
          <button onClick={ask}>Sign in</button>
        </p>
      ) : null}
    </header>
  );
}

// Drawn again when the moment has come.
function useIsBefore(moment) {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!moment) return;
    const timer = setTimeout(() => draw((times) => times + 1), moment - Date.now());
    return () => clearTimeout(timer);
  }, [moment]);
  return moment !== null && Date.now() < moment;
}

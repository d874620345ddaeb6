// The dialogue that asks for a key.
import { Button, Dialog } from "@graphiql/react";
import { useState } from "react";

import { keyIn, signIn, stopAsking, useAccess } from "./access.js";
import { problemWith } from "./fetcher.js";

export function SignIn() {
  const { asking } = useAccess();
  return (
    <Dialog open={asking} onOpenChange={(isOpen) => isOpen || stopAsking()}>
      <div className="graphiql-dialog-header">
        <Dialog.Title className="graphiql-dialog-title">Sign in</Dialog.Title>
        <Dialog.Close />
      </div>
      <Form />
    </Dialog>
  );
}

function Form() {
  const { refused } = useAccess();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState(null);
  const [isChecking, setChecking] = useState(false);

  async function submit(event) {
    event.preventDefault();
    const key = keyIn(text);
    if (!key) return setProblem("A key has two parts with a dot between them: ID.SECRET.");
    setChecking(true);
    const found = await problemWith(key);
    setChecking(false);
    found ? setProblem(found) : signIn(key);
  }

  return (
    <form className="sign-in" onSubmit={submit}>
      <Dialog.Description>
        {refused ? (
          <>
            The service does not take the key <code>{refused}</code>: it may have been revoked, have expired, or not be
            whole. Your tabs stay as they are.
          </>
        ) : (
          "This service answers to whoever has an API key."
        )}
      </Dialog.Description>
      <label htmlFor="key">API key</label>
      <input
        id="key"
        type="password"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="ID.SECRET"
        autoComplete="off"
        autoFocus
        required
        aria-invalid={problem !== null}
        aria-describedby="key-problem key-kept"
      />
      <p id="key-problem" className="problem" role="alert">
        {problem}
      </p>
      <p id="key-kept">It is kept by this browser tab alone, until that is closed or you sign out.</p>
      <Button type="submit" disabled={isChecking}>
        {isChecking ? "Asking the service …" : "Sign in"}
      </Button>
      <p className="origin">
        No key? The first start of a new service prints a link that opens this page signed in. On its machine,{" "}
        <code>customer-graph keys make</code> makes more.
      </p>
    </form>
  );
}

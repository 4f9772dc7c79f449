// How things are written: in the page and in its worker alike.

/** Write changes in one transaction, to the disk: all or none. Rejects when that can't be. */
export async function write(database, changes) {
  const parts = [...new Set(changes.map((change) => change[0]))];
  const transaction = database.transaction(parts, "readwrite", { durability: "strict" });
  const done = transaction.done;
  try {
    for (const [part, how, value, key] of changes) {
      const store = transaction.objectStore(part);
      const request = how === "put" ? (key === undefined ? store.put(value) : store.put(value, key)) : store.delete(value);
      request.catch(() => {}); // the transaction says it, too
    }
    transaction.commit();
  } catch (error) {
    done.catch(() => {});
    transaction.abort();
    throw error;
  }
  await done;
}

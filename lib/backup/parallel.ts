/** Works on all items, so many at a time; the first error ends it when what is under way has ended. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let isStopped = false;
  const failures: unknown[] = [];
  await Promise.all(Array.from({ length: most }, async () => {
    while (!isStopped) {
      const { value, done } = queue.next();
      if (done) return;
      try {
        await work(value);
      } catch (error) {
        isStopped = true;
        failures.push(error);
      }
    }
  }));
  if (failures.length > 0) throw failures[0];
}

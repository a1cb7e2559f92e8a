// Chooses an option that is open, and answers with the milliseconds until the page, and until all its parts, show it.
(option) => new Promise((done) => {
  const app = document.querySelector("[data-testid=stApp]");
  const began = performance.now();
  let [hasRun, page] = [false, 0];
  const look = () => {
    const isRunning = app.dataset.testScriptState !== "notRunning";
    hasRun ||= isRunning;
    const now = performance.now() - began;
    if (hasRun && !isRunning) {
      page ||= now;
      if (!document.querySelector("[data-testid=stSkeleton],[data-stale=true]")) return done({ page, all: now });
    }
    requestAnimationFrame(look);
  };
  option.click();
  requestAnimationFrame(look);
})

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "check.js", esModule = embed "check.js"),
    (name = "cases.js", esModule = embed "cases.js"),
    (name = "verify.js", esModule = embed "verify.js"),
  ],
  compatibilityDate = "2026-11-01",
);

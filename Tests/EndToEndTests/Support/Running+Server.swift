extension Running {
    /// A server in a process of its own, and a client of the port that it says it listens on.
    static func server(_ data: String, in scratch: Scratch) async throws -> (Running, HTTPClient) {
        let running = try Running(["serve", "--data", data, "--port", "0"], in: scratch.path)
        for _ in 0..<2000 where running.isRunning {
            let said = running.output + running.errors
            if let match = said.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\//), let port = UInt16(match.1) {
                return (running, HTTPClient(port: port))
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw HTTPClient.Failure(reason: "no address in \(running.output) \(running.errors)")
    }
}

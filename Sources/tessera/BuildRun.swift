import Glibc
import HiPS
import PlanetaryFrames
import Rasters
import Storage
import Tiler

/// The builds of one command: plans, checks of the disk, the log, and what to do when one fails.
struct BuildRun: Sendable {
    let options: Build
    let catalogue: BodyCatalogue
    let log: RunLog
    /// Whether progress is drawn on standard error.
    let hasBar: Bool
    let interruption: Interruption

    /// An input that can be built as far as is known without reading its values.
    struct Item: Sendable {
        let input: String
        let request: BuildRequest
        let map: MapName
    }

    /// Settles an input without reading its values.
    func item(_ input: String) throws -> Item {
        let request = try options.request(input, catalogue)
        let map = try HiPSPlan(request, catalogue: catalogue, readsRange: false, limits: limits).map
        return Item(input: input, request: request, map: map)
    }

    /// Where maps are built: a directory on disk, or one in an object store.
    func target() throws -> any BuildTarget {
        Stores.isRemote(options.data)
            ? ObjectDirectory(try Stores.store(at: options.data)) : DataDirectory(path: options.data)
    }

    /// The whole plan of an item, whose values may be read for their range, and whose source may be copied.
    func plan(_ item: Item) throws -> HiPSPlan {
        let target = try target()
        let line = ProgressLine("\(item.map): copying", log: log, hasBar: hasBar)
        defer { line.finish() }
        let place = SpoolPlace(
            folder: spoolFolder(item.map), fresh: options.force,
            tell: { notice(.info, "\(item.map): \($0)") },
            progress: { line.show(fraction: $0) })
        return try HiPSPlan(
            item.request, catalogue: catalogue, limits: limits, spool: place,
            earlier: options.force ? nil : EarlierBuilds(in: target, version: tesseraVersion))
    }

    private var limits: BuildLimits {
        BuildLimits(
            memory: options.memory.bytes,
            jobs: options.jobs ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    }

    /// Beside the map on disk; among temporary files for a map that goes to an object store.
    private func spoolFolder(_ map: MapName) -> String {
        guard Stores.isRemote(options.data) else {
            return "\(options.data)/hips/\(map.body)/.\(map.name).spool"
        }
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(temporary)/tessera-spool-\(map.body)-\(map.name)"
    }

    /// Builds one map, or finds that it is up to date.
    func build(_ plan: HiPSPlan, _ input: String) async throws -> BuildReport {
        let target = try target()
        let map = plan.map
        log.write(.info, "\(map): begins, from \(input)")
        let line = ProgressLine("\(map)", log: log, hasBar: hasBar)
        let force = options.force
        if let data = target as? DataDirectory { try checkSpace(plan, data) }
        compare(plan)
        let builder = HiPSBuilder(plan, data: target, version: tesseraVersion)
        defer { line.finish() }
        let report = try await interruption.cancellable {
            try await builder.build(jobs: plan.memory.jobs, force: force) { line.show($0) }
        }
        plan.removeSpool()
        log.write(.info, BuildOutcome(input, report).line)
        if let warning = report.warning {
            line.finish()
            notice(.warning, "\(map): \(warning)")
        }
        return report
    }

    /// Takes what was built into the layers of outlines; a build that stops leaves that to the next one.
    func refreshOutlines() {
        guard interruption.signal == nil else { return }
        let failure = Outlines.refresh(options.data, catalogue) { interruption.signal != nil }
        if let failure { notice(.warning, failure) }
    }

    /// Logs why a build ended early.
    func logEnd(_ map: String, _ error: any Error) {
        if interruption.signal != nil {
            log.write(.warning, "\(map): stopped; the same command goes on with it")
        } else {
            log.write(.error, "\(map): failed: \(error)")
        }
    }

    /// Tells what somebody should know though nothing is wrong.
    private func notice(_ level: RunLog.Level, _ text: String) {
        log.write(level, text)
        if !options.quiet, !log.isOnConsole {
            Console.tell("\(level == .warning ? "Warning: " : "")\(text)\n")
        }
    }

    /// Warns where the source does not lie as another map of its body does, before the work is done.
    private func compare(_ plan: HiPSPlan) {
        guard !plan.isUpToDate, let data = (try? target()) as? DataDirectory,
            let comparisons = try? plan.comparisons(with: data)
        else { return }
        for comparison in comparisons where comparison.agreement.isFault {
            notice(
                .warning,
                "\(plan.map), held against \(comparison.map): \(comparison.agreement.sentence); see tessera inspect "
                    + "--against \(data.path(of: comparison.map))")
        }
    }

    /// Refuses a map that the disk cannot hold.
    private func checkSpace(_ plan: HiPSPlan, _ data: DataDirectory) throws {
        guard !options.noSpaceCheck, let space = DiskSpace(at: data.path) else { return }
        if plan.isUpToDate { return }
        let needs = DiskNeeds(plan)
        guard space.verdict(on: needs) != .enough else { return }
        let free =
            SizeText.bytes(space.bytes) + (space.files.map { " and room for \($0) files" } ?? "")
        // Counting what is there takes time, and is only asked for where it may decide.
        switch space.verdict(on: needs, present: data.partialAmount(of: plan.map)) {
        case .enough: return
        case .tight(let amount):
            let text =
                "\(plan.map): may take \(SizeText.bytes(amount.bytes)) in \(amount.files) files, and \(data.path) has "
                + "\(free)"
            notice(.warning, text)
        case .lacking(let amount):
            throw CommandError(
                "\(data.path): \(plan.map) takes at least \(SizeText.bytes(amount.bytes)) in \(amount.files) files, and "
                    + "there are \(free); free some, choose another --data or a lower --order, or say "
                    + "--no-space-check")
        }
    }

    // MARK: - Several inputs

    /// Checks all inputs and then builds them one after the other; errors are told as they come.
    func buildAll(_ inputs: [String]) async -> [BuildOutcome] {
        log.write(.info, "\(inputs.count) inputs, to \(options.data)")
        let checked = check(inputs)
        var goesOn = options.keepGoing || !checked.contains { $0.outcome != nil }
        var outcomes: [BuildOutcome] = []
        for (input, entry) in zip(inputs, checked) {
            if let outcome = entry.outcome {
                outcomes.append(outcome)
                continue
            }
            guard goesOn, interruption.signal == nil, let item = entry.item else {
                outcomes.append(BuildOutcome(input, map: entry.item?.map, .notDone))
                continue
            }
            let outcome = await build(item)
            outcomes.append(outcome)
            if outcome.result == .failed, !options.keepGoing { goesOn = false }
        }
        log.write(.info, BuildOutcome.counts(outcomes))
        return outcomes
    }

    private func build(_ item: Item) async -> BuildOutcome {
        do {
            return BuildOutcome(item.input, try await build(try plan(item), item.input))
        } catch {
            logEnd("\(item.map)", error)
            guard interruption.signal == nil else {
                return BuildOutcome(item.input, map: item.map, .stopped)
            }
            return failure(item.input, map: item.map, error)
        }
    }

    private struct Checked {
        var item: Item?
        var outcome: BuildOutcome?
    }

    /// Finds the mistakes of all inputs, and inputs that would write the same map.
    private func check(_ inputs: [String]) -> [Checked] {
        var checked = inputs.map { input in
            do {
                return Checked(item: try item(input), outcome: nil)
            } catch {
                return Checked(item: nil, outcome: refusal(input, map: nil, error))
            }
        }
        for index in checked.indices {
            guard let map = checked[index].item?.map else { continue }
            let others = checked.indices.filter { $0 != index && checked[$0].item?.map == map }
            guard !others.isEmpty else { continue }
            let names = others.map { inputs[$0] }.joined(separator: ", ")
            let error = CommandError(
                "it would become \(map), as would \(names); give each its own name: in a survey file")
            checked[index].outcome = refusal(inputs[index], map: map, error)
        }
        return checked
    }

    private func refusal(_ input: String, map: MapName?, _ error: any Error) -> BuildOutcome {
        logEnd(input, error)
        return failure(input, map: map, error)
    }

    /// Tells of a failure that is logged, with the input where the message does not name it.
    private func failure(_ input: String, map: MapName?, _ error: any Error) -> BuildOutcome {
        let text = "\(error)"
        let message = text.contains(input) ? text : "\(input): \(text)"
        if !log.isOnConsole { Console.tell("Error: \(message)\n") }
        return BuildOutcome(input, map: map, .failed, message: message)
    }
}

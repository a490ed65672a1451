internal import HiPS
internal import Hummingbird
internal import Maps
internal import NIOCore
internal import OGC
internal import Synchronization

extension TileResponder {
    /// A map in one of its states.
    typealias MapState = (map: MapName, generation: Generation)

    /// Answers behind the gate from states of maps, and once more from the present ones where a map was exchanged for a
    /// rebuilt one meanwhile: the files of the old build go away one by one, and each leaves a hole, or a map that cannot be
    /// opened.
    ///
    /// - Parameters:
    ///   - found: the states that the answer is made from first.
    ///   - refusal: tells a mistake in the form that was asked for.
    ///   - unsent: nothing is made while too much of it waits for its clients; nil for answers that are always small.
    ///   - gate: where it is made; nil for that of all maps.
    ///   - work: gives the answer.
    func lookingAgain(
        at found: [MapState], _ refusal: (OGCException) -> OGCAnswer, _ request: Request,
        _ context: ServerContext, whileNotFull unsent: UnsentAnswers? = nil, through gate: WorkGate? = nil,
        _ work: @escaping @Sendable ([MapState], Cancellation) throws -> OGCAnswer
    ) async throws -> Response {
        let gate = gate ?? self.gate
        let presence = await ClientPresence.of(context.channel)
        var states = found
        do {
            // On a busy machine it may happen more than once before this request has its turn.
            for isLast in [false, false, false, false, false, false, false, true] {
                let answer = try await gate.run(for: presence) { [states] in
                    // Those that waited with this one may have added to what waits since.
                    if unsent?.isFull == true {
                        gate.refused.add()
                        throw WorkGate.Full(retryAfter: 10)
                    }
                    return try work(states, $0)
                }
                var present: [MapState] = []
                var isCertain = true
                for (map, generation) in states {
                    // Only of maps that had not what was wanted of them anything is to be found out.
                    guard let moment = generation.lastFailure else {
                        present.append((map, generation))
                        continue
                    }
                    let (now, isSeen) = try await catalogue.state(of: map, since: moment)
                    isCertain = isCertain && isSeen
                    if let now { present.append((map, now)) }
                }
                let isSame = states.map(\.generation.number) == present.map(\.generation.number)
                if isLast || isSame {
                    if let fault = answer.fault { report(fault, request, context) }
                    return await sent(
                        answer, caching: isCertain && isSame ? tileCaching : Response.revalidated, request,
                        context, through: gate)
                }
                states = present
            }
        } catch let full as WorkGate.Full {
            // To be turned away is no failure, and has a number of its own.
            return .answer(refusal(.busy(after: full.retryAfter)), caching: tileCaching, for: request)
        } catch MapsError.cancelled {
            throw CancellationError()
        }
        return .unavailable
    }
}

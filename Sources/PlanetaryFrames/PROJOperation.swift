internal import CPROJ

/// A bare projection of PROJ: radians of longitude and geodetic latitude to metres, and back.
///
/// A bare operation does what its formula says and nothing more: no axes, no units, and none of the silent changes of
/// latitude that PROJ makes between coordinate systems.
final class PROJOperation {
    enum Sense {
        case forward
        case inverse
    }

    private let context: PROJContext
    private let pointer: OpaquePointer

    init(_ text: String, crs: String) throws(FrameError) {
        context = try PROJContext()
        guard let made = proj_create(context.pointer, text) else {
            throw .unusableProjection(crs: crs, operation: text, reason: context.lastMessage)
        }
        pointer = made
        // A point outside of the map is an answer, not a message.
        proj_log_level(context.pointer, PJ_LOG_NONE)
    }

    deinit { proj_destroy(pointer) }

    /// Transforms in place; NaN where there is no answer, or one larger than `largest`.
    func run(
        _ sense: Sense, _ first: inout MutableSpan<Double>, _ second: inout MutableSpan<Double>,
        largest: Double
    ) {
        let count = first.count
        guard count > 0 else { return }
        for index in 0..<count where second[index].isNaN || first[index].isNaN {
            // PROJ passes over infinite coordinates; what its formulas do with NaN is not promised.
            first[index] = .infinity
            second[index] = .infinity
        }
        first.withUnsafeMutableBufferPointer { x in
            second.withUnsafeMutableBufferPointer { y in
                // Both buffers hold `count` doubles, and PROJ keeps no pointer after the call.
                let stride = MemoryLayout<Double>.stride
                _ = proj_trans_generic(
                    pointer, sense == .forward ? PJ_FWD : PJ_INV, x.baseAddress, stride, count, y.baseAddress,
                    stride, count, nil, 0, 0, nil, 0, 0)
            }
        }
        for index in 0..<count where !(abs(first[index]) <= largest && abs(second[index]) <= largest) {
            first[index] = .nan
            second[index] = .nan
        }
    }

    /// Transforms one point; NaN where there is no answer.
    func point(_ sense: Sense, _ first: Double, _ second: Double) -> (Double, Double) {
        guard first.isFinite, second.isFinite else { return (.nan, .nan) }
        proj_errno_reset(pointer)
        let result = proj_trans(
            pointer, sense == .forward ? PJ_FWD : PJ_INV, proj_coord(first, second, 0, 0))
        guard proj_errno(pointer) == 0, result.v.0.isFinite, result.v.1.isFinite else { return (.nan, .nan) }
        return (result.v.0, result.v.1)
    }
}

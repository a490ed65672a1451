/// The number of doubles from `a` to `b`, 0 when they are equal.
func ulps(_ a: Double, _ b: Double) -> Int64 {
    func place(_ x: Double) -> Int64 {
        let bits = Int64(bitPattern: x.bitPattern)
        return bits >= 0 ? bits : Int64.min - bits
    }
    return abs(place(a) - place(b))
}

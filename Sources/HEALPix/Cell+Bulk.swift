extension Cell {
    /// Writes the numbers of the cells of `order` that hold many directions.
    ///
    /// The same rules as for ``init(containing:order:)``, in one loop.
    ///
    /// - Parameters:
    ///   - lonRad: Longitudes in radians, any number of turns.
    ///   - latRad: As many latitudes in radians.
    ///   - numbers: As many places for the results, or more.
    /// - Returns: The index of the first pair that is no direction, where the loop ends; nil when all are.
    public static func numbers(
        lonRad: Span<Double>, latRad: Span<Double>, order: Order, into numbers: inout MutableSpan<Int64>
    ) -> Int? {
        precondition(lonRad.count == latRad.count && numbers.count >= lonRad.count)
        let shift = Int64(2 &* order.value)
        for index in lonRad.indices {
            let direction = Direction(lonRad: lonRad[index], latRad: latRad[index])
            guard let place = FaceGeometry.place(of: direction, order: order) else { return index }
            numbers[index] =
                Int64(place.face) &<< shift | BitInterleaving.interleave(x: place.x, y: place.y)
        }
        return nil
    }
}

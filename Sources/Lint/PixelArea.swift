/// A square of a picture.
struct PixelArea {
    let row: Int
    let column: Int
    let side: Int
}

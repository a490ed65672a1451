internal import HiPS
internal import NIOCore

/// Where the files of a map on disk lie beside its properties.
enum AdoptedRoot {
    /// In the same directory: the map was built or copied here.
    case none
    /// In the directory at an absolute path, which belongs to others.
    case path(String)
    /// The note that should say so cannot be read; why.
    case unknown(ServerError)

    init(of map: MapName, in data: DataDirectory, _ directory: Descriptor) {
        let path = data.path(of: map) + "/" + AdoptionNote.fileName
        switch directory.read(AdoptionNote.fileName, waiting: true) {
        case .absent, .wouldWait:
            self = .none
        case .failed(let code):
            self = .unknown(.unavailable(path: path, reason: Descriptor.words(code)))
        case .content(let bytes):
            do {
                let note = try AdoptionNote(json: Array(bytes.readableBytesView), source: path)
                self = note.root.map { .path($0) } ?? .none
            } catch {
                self = .unknown(.unavailable(path: path, reason: error.description))
            }
        }
    }
}

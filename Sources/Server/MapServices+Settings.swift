internal import GridCoverages
internal import OGC
internal import Settings

extension CoverageLimits {
    /// What the settings say.
    init(_ settings: ServerSettings.Coverages) {
        self.init()
        pixels = settings.megapixels.map { $0 << 20 } ?? pixels
        sourcePixels = min(sourcePixels, pixels)
        bytes = settings.megabytes.map { $0 << 20 } ?? bytes
        spooledBytes = settings.spool.map { $0 << 20 } ?? spooledBytes
        memoryBytes = settings.memory.map { $0 << 20 } ?? memoryBytes
    }
}

extension ServiceIdentity {
    /// What the settings say.
    init(_ settings: ServerSettings) {
        let (service, contact) = (settings.service, settings.contact)
        self.init(
            title: service.title, abstract: service.description, keywords: service.keywords ?? [],
            contact: Contact(
                person: contact.person, organization: contact.organization, position: contact.position,
                telephone: contact.phone, email: contact.email),
            fees: service.fees ?? "none", accessConstraints: service.accessConstraints)
        self.contact.url = contact.url
        self.contact.street = contact.address
        self.contact.city = contact.city
        self.contact.state = contact.state
        self.contact.postcode = contact.postcode
        self.contact.country = contact.country
    }
}

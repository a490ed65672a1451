/// Who offers a service and under which conditions, for the documents of all services.
public struct ServiceIdentity: Sendable, Hashable {
    /// Whom to ask.
    public struct Contact: Sendable, Hashable {
        /// The name of a person.
        public var person: String?
        /// The organization of that person.
        public var organization: String?
        /// What the person is there.
        public var position: String?
        /// A telephone number.
        public var telephone: String?
        /// An address for electronic mail.
        public var email: String?

        /// A contact; all of it may be left out.
        public init(
            person: String? = nil, organization: String? = nil, position: String? = nil,
            telephone: String? = nil, email: String? = nil
        ) {
            self.person = person
            self.organization = organization
            self.position = position
            self.telephone = telephone
            self.email = email
        }

        /// Whether there is nothing to write.
        var isEmpty: Bool { self == Contact() }
    }

    /// The title of the service; the name of the body is put in front. Nil for `Maps of <body>`.
    public var title: String?
    /// What the service is for; nil for a sentence that names the maps.
    public var abstract: String?
    /// Words to find it by, beside those of the body and the maps.
    public var keywords: [String]
    /// Whom to ask.
    public var contact: Contact
    /// What it costs; `none` for nothing.
    public var fees: String
    /// Who may use it; nil to list the licences of the maps.
    public var accessConstraints: String?

    /// An identity; all of it has a default.
    public init(
        title: String? = nil, abstract: String? = nil, keywords: [String] = [], contact: Contact = .init(),
        fees: String = "none", accessConstraints: String? = nil
    ) {
        self.title = title
        self.abstract = abstract
        self.keywords = keywords
        self.contact = contact
        self.fees = fees
        self.accessConstraints = accessConstraints
    }
}

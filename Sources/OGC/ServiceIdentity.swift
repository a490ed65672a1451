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
        /// A page about the one who offers the service.
        public var url: String?
        /// Street and number.
        public var street: String?
        /// The city.
        public var city: String?
        /// The state or province.
        public var state: String?
        /// The postal code.
        public var postcode: String?
        /// The country.
        public var country: String?

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

        /// Whether there is nothing to write about people and places.
        var isEmpty: Bool {
            var other = self
            other.url = nil
            return other == Contact()
        }

        /// Whether any part of a postal address is known.
        var hasAddress: Bool {
            [street, city, state, postcode, country].contains { $0 != nil }
        }
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

"""The numbers of include/xq.h, by their names."""

import enum


class Status(enum.IntEnum):
    """How a call went."""

    OK = 0
    INVALID_ARGUMENT = 1
    CONFIGURATION = 2
    UNAUTHORIZED = 3
    REJECTED = 4
    SERVER = 5
    TIMEOUT = 6
    NETWORK = 7
    TLS = 8
    PROTOCOL = 9
    CRYPTO = 10
    FILE = 11
    INTERNAL = 12
    CANCELED = 13


class Outcome(enum.IntEnum):
    """Whether what a failed call asked for was carried out all the same; xq_error_outcome() in include/xq.h says of each
    call what a double means."""

    #: No: nothing was sent that could have been.
    NOT_SENT = 0
    #: No: the service says so (HTTP 3xx and 4xx).
    REFUSED = 1
    #: Perhaps, in whole or in part.
    UNKNOWN = 2
    #: Yes, but what the service gave cannot be used.
    DONE = 3


class Algorithm(enum.IntEnum):
    """What libxq seals with; see xq_algorithm_t in include/xq.h for what each is worth. GCM alone tells a changed text."""

    DEFAULT = 0
    GCM = 1
    CTR = 2
    OTP = 66


class Form(enum.IntEnum):
    """What an Opener is to open."""

    MESSAGE = 1
    FILE = 2


class Envelope(enum.IntEnum):
    """How a trusted range seals its replies, for Config.set_envelope(). Only GCM is authenticated."""

    CBC = 1
    CTR = 2
    GCM = 3


class Service(enum.IntEnum):
    """The services of XQ, for Config.set_service_url()."""

    SUBSCRIPTION = 0
    VALIDATION = 1
    DASHBOARD = 2
    QUANTUM = 3


class Roots(enum.IntEnum):
    """Who is trusted besides the program's own root certificates, for Config.set_roots()."""

    #: Mozilla's, as they were when libxq was built.
    BUILT_IN = 0
    #: The operating system's, as they are when an API is made.
    SYSTEM = 1
    #: Nobody.
    NONE = 2


class Token(enum.IntEnum):
    """The tokens that an API may hold, for API.token_expiration() and API.request()."""

    #: That of the dashboard for the dashboard, the access token for the other services; none where none is held.
    DEFAULT = 0
    ACCESS = 1
    DASHBOARD = 2
    NONE = 3


class Feature(enum.IntFlag):
    """What may be built into the library, for features(); bits of a later library are kept."""

    SOCKETS = 1
    TLS = 2
    FILES = 4


class Role(enum.IntEnum):
    """What a contact is to a business."""

    ADMIN = 1
    USER = 2
    VENDOR = 3
    CUSTOMER = 4
    SUPER_USER = 5
    DEVICE = 6

"""What can be wrong that a person can mend: each of these errors carries one message saying what and how."""

from drivers.card_readers.pcsc_daemon import ServiceUnavailable
from drivers.key_stores.key_file import KeyStoreError
from drivers.registry import DriverChoiceError
from kiosk.bootstrap.secret_files import SecretMissing
from kiosk.bootstrap.web_server import AddressTaken
from kiosk.central.errors import CentreUnavailable, EnrolmentRefused, PatronError, SchemaTooNew, StaffError
from kiosk.demo_network import DemoError
from kiosk.settings import SettingsError
from kiosk.store.errors import StoreError
from kiosk.sync.enrolling import NotEnrolled
from kiosk.sync.key import KeyTrouble

MISHAPS = (
    SettingsError,
    StoreError,
    AddressTaken,
    SecretMissing,
    KeyStoreError,
    DriverChoiceError,
    DemoError,
    ServiceUnavailable,
    NotEnrolled,
    KeyTrouble,
    CentreUnavailable,
    SchemaTooNew,
    EnrolmentRefused,
    StaffError,
    PatronError,
)

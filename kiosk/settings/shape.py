"""The whole of a station's settings, as one frozen value, and what the core and the station make of it."""

from dataclasses import fields

from kiosk.circulation.model import LendingPolicy, OpeningHours
from kiosk.settings.card_keys import CardKeysSection, ClaimedCardsSection
from kiosk.settings.devices import BarcodeSection, CardReaderSection, PadSection, PrinterSection
from kiosk.settings.lending import LendingSection
from kiosk.settings.library import LibrarySection
from kiosk.settings.sections import (
    BranchKind,
    BranchSection,
    GateSection,
    HoursSection,
    LogSection,
    NetworkSection,
    PinSection,
    Section,
    ShelterSection,
    SignalsSection,
    StationSection,
    StoreSection,
    SyncSection,
    TimingSection,
    WebSection,
)
from kiosk.settings.slips import SlipSection
from kiosk.settings.sound import SoundSection
from kiosk.station.setup import ClaimRights, Setup, Timing


class Settings(Section):
    """Everything one station of one branch is told."""

    network: NetworkSection
    """The library network every branch belongs to."""
    branch: BranchSection
    """The branch the file is about; stands in the branch's file only."""
    hours: HoursSection
    """Opening hours of the branch."""
    station: StationSection = StationSection()
    """What a station does and how it behaves."""
    slip: SlipSection = SlipSection()
    """How slips are dressed; `config/receipts/<name>.toml` holds these keys without the table's name."""
    sound: SoundSection = SoundSection()
    """What the station lets hear."""
    lending: LendingSection
    """Who may borrow what, for how long, and what being late costs."""
    library: LibrarySection = LibrarySection()
    """Which library system decides."""
    pin: PinSection = PinSection()
    """The PIN a patron types after the card."""
    gate: GateSection
    """How the exit gates tell a lent copy from one on the shelf."""
    timing: TimingSection = TimingSection()
    """How patient the screens are, in seconds."""
    pad: PadSection
    """The RFID pad books lie on."""
    card_reader: CardReaderSection
    """The card reader patrons tap their e-card on."""
    card_keys: CardKeysSection = CardKeysSection()
    """Where the keys are that cards prove themselves with."""
    claimed_cards: ClaimedCardsSection = ClaimedCardsSection()
    """What a card may that can be copied, where others prove themselves."""
    printer: PrinterSection
    """The receipt printer."""
    barcode: BarcodeSection = BarcodeSection()
    """The barcode scanner, and what printed barcodes mean here."""
    signals: SignalsSection = SignalsSection()
    """Who tells the station of air raids and power cuts."""
    shelter: ShelterSection = ShelterSection()
    """Where people go when the siren sounds."""
    web: WebSection = WebSection()
    """Where the station's own screens are served."""
    store: StoreSection = StoreSection()
    """The station's own database."""
    sync: SyncSection = SyncSection()
    """How the station keeps in touch with the centre."""
    log: LogSection = LogSection()
    """What the station writes about itself."""

    @property
    def asks_for_proofs(self) -> bool:
        """Whether cards are asked to prove themselves here."""
        return self.card_reader.options.get("scheme") == "proven"

    def lending_policy(self) -> LendingPolicy:
        """Make the core's lending rules."""
        return self.lending.policy()

    def opening_hours(self) -> OpeningHours:
        """Make the core's opening hours: the branch's week, the days off of network and branch."""
        return OpeningHours(week=self.hours.week(), closed=frozenset((*self.network.closed_days, *self.hours.closed)))

    def setup(self, run: str) -> Setup:
        """Make what the station is told at start. *run* is random per program start."""
        seconds = self.timing
        return Setup(
            run=run,
            language=self.network.languages[0],
            languages=self.network.languages,
            timing=Timing(**{f.name: getattr(seconds, f"{f.name}_s") for f in fields(Timing)}),
            name_mask=self.station.name_mask,
            returns=self.station.returns,
            receipt=self.station.receipt,
            receipts=self.station.receipts,
            hold_slip=self.station.hold_slip,
            after_hours=self.station.after_hours,
            least_percent=self.signals.least_percent,
            least_minutes=self.signals.least_minutes,
            partial_returns=self.station.partial_returns,
            lends=self.station.lends,
            takes_returns=self.station.takes_returns,
            has_printer=self.printer.driver != "none",
            pin_length=self.pin.length,
            owners=frozenset({self.network.isil}),
            untagged=self.barcode.untagged,
            scans_cards=self.barcode.driver != "none" and bool(self.barcode.cards),
            claims=self._claims(),
            for_children=self.branch.kind is BranchKind.CHILDREN,
        )

    def _claims(self) -> ClaimRights | None:
        claimed = self.claimed_cards
        return ClaimRights(claimed.loans, claimed.account) if self.asks_for_proofs else None

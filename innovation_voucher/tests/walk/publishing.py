"""公示: drawn up and opened at the desk, read by anybody."""

from redemption.models import Publicity

from .people import Person


def publish(publisher: Person, total: str) -> None:
    """What was approved is drawn up as a list and opened to the public."""
    publisher.open("/desk/publicity/")
    publisher.sees("待公示", total)
    publisher.shot("66-publicity-waiting")
    publisher.press("起草公示")
    publisher.press("保存草稿")
    publisher.sees(total)
    publisher.shot("67-publicity-draft")
    publisher.press("发布公示")
    publisher.sees("已发布，任何人都可以查看和提出异议", total)


def read(stranger: Person, *words: str) -> None:
    """Anybody finds the list from the home page and reads who is paid how much for what."""
    stranger.open("/publicity/")
    stranger.sees("公示中")
    stranger.shot("68-publicity-public-list")
    stranger.press(Publicity.objects.get().title)
    stranger.sees(*words, "提出异议")
    stranger.shot("69-publicity-public")

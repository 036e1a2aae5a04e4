"""Files in the forms of investors: taken in up to a size, refused in words, the rest of the form kept (trust.md T8, T44)."""

from io import BytesIO

from django import forms
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.attachments import LARGEST, MOST_FILES, judge

ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp,application/pdf,image/jpeg,image/png,image/webp"


class LimitedUpload(FileUploadHandler):
    """Takes in no more of a file than may be sent and no file too many, and reads the rest of the form on: its text is kept.

    What was left out still comes with its name and size, for `FilesField` to refuse in words.
    """

    def __init__(self, request):
        super().__init__(request)
        self.number = self.received = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.number, self.received = self.number + 1, 0

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        return None if self.is_too_much else raw_data

    def file_complete(self, file_size):
        return UploadedFile(BytesIO(), self.file_name, self.content_type, self.received) if self.is_too_much else None

    @property
    def is_too_much(self):
        return self.received > LARGEST or self.number > MOST_FILES


def why_unreadable(request) -> tuple[str, int] | None:
    """Reads the form that was posted, its files within their limits; a sentence and a status where it cannot be read.

    To be called before anything else reads the form. Leaves `request.typed`, which is empty where nothing could be read.
    """
    request.upload_handlers.insert(0, LimitedUpload(request))
    request.typed, request.has_files = {}, False
    try:
        request.typed, request.has_files = request.POST, bool(request.FILES)
    except RequestDataTooBig:
        return _("What you sent is too large. Write at most 5,000 characters."), 413
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        return _("What your browser sent could not be read. Please fill in the form here."), 400
    return None


def files_again(request) -> str:
    """What to say beside a form that comes back: browsers do not fill in files."""
    return _("Please choose your files again: browsers do not keep them.") if request.has_files else ""


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name) or []

    def value_omitted_from_data(self, data, files, name):
        return name not in files


class FilesField(forms.Field):
    """Up to three files, each judged: `list[Judged]`."""

    widget = FilesInput

    def __init__(self, **kwargs):
        help_text = gettext_lazy("Up to 3 files of 10 MB each: PDF, JPEG, PNG or WebP.")
        super().__init__(**{"label": gettext_lazy("Files"), "help_text": help_text, "required": False} | kwargs)
        self.widget.attrs["accept"] = ACCEPT

    def clean(self, uploads):
        uploads = uploads or []
        if len(uploads) > MOST_FILES:
            raise ValidationError(_("Choose at most 3 files. Send the others with another message."), code="file")
        judged, errors = [], []
        for upload in uploads:
            try:
                judged.append(judge(upload))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return judged

"""Pages of the site itself."""

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def welcome():
    """The first page; replace it with yours."""
    return render_template("welcome.html")

"""Fills a CKAN for tests with datasets, in process: CKAN_INI=ckan.ini python seed.py COUNT

Organizations, groups, tags, extras, private datasets and odd texts as real portals have them. The same
COUNT always gives the same datasets.
"""

import os
import sys
import uuid

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib import search
from ckan.plugins import toolkit

ORGANIZATIONS = 6
GROUPS = 4
FORMATS = ["CSV", "JSON", "GeoJSON", "PDF", "XLSX", ".csv", ""]
TITLES = ["Trees", "Bike counts", "Straßenbäume", "Données ouvertes", "予算", "Budget <b>2024</b>", 'Quote "x"']


def identifier(kind, number):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{number}"))


def resource(number, position):
    return {
        "id": identifier("resource", f"{number}/{position}"),
        "name": f"File {position}",
        "url": f"https://files.example.org/set-{number}/file {position}.csv?v={position}&a=ä",
        "format": FORMATS[(number + position) % len(FORMATS)],
        "description": "line one\nline two\t\u2028end" if number % 7 == 0 else "",
        "size": 1000 * number + position,
    }


def dataset(number):
    return {
        "id": identifier("dataset", number),
        "name": f"set-{number:04d}",
        "title": f"{TITLES[number % len(TITLES)]} {number}",
        "notes": f"Notes of {number}: äöü, 𝒳, \u0001" if number % 11 == 0 else f"Notes of {number}",
        "owner_org": identifier("organization", number % ORGANIZATIONS),
        "groups": [{"name": f"group-{number % GROUPS}"}] if number % 3 == 0 else [],
        "tags": [{"name": f"tag {number % 9}"}, {"name": f"T-{number % 5}"}],
        "extras": [{"key": "spatial", "value": '{"type": "Point"}'}, {"key": "n", "value": str(number)}],
        "private": number % 40 == 39,
        "resources": [resource(number, position) for position in range(number % 4)],
    }


def fill(count):
    admin = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def call(action, data):
        return toolkit.get_action(action)({"user": admin, "ignore_auth": True}, data)

    for number in range(ORGANIZATIONS):
        call("organization_create", {
            "id": identifier("organization", number),
            "name": f"org-{number}",
            "title": f"Office of {TITLES[number % len(TITLES)]}",
        })
    for number in range(GROUPS):
        call("group_create", {"id": identifier("group", number), "name": f"group-{number}", "title": f"Group {number}"})
    for number in range(count):
        call("package_create", dataset(number))
    search.commit()


app = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
with app._wsgi_app.test_request_context():
    toolkit.config["ckan.search.solr_commit"] = False
    fill(int(sys.argv[1]))

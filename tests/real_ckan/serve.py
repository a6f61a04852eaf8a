"""The WSGI application of a CKAN for tests: CKAN_INI=ckan.ini gunicorn serve:application"""

import os

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())

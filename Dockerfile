# What render.yaml builds and starts, as a container. Run it read-only:
#   docker build -t genre-hues .
#   docker run --rm --read-only --tmpfs /tmp -p 8000:8000 \
#     -e SECRET_KEY="$(openssl rand -base64 32)" -e TRUSTED_HOSTS=localhost genre-hues
FROM python:3.11-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install -r requirements.txt

FROM python:3.11-slim
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/genre-hues
COPY . .
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PRODUCTION=1 PORT=8000
RUN python -m compileall -q catalogue ml webapp wsgi.py && useradd --system --no-create-home hues
# Written once above; nothing in the image is written while it runs.
ENV PYTHONDONTWRITEBYTECODE=1
USER hues
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", "\
import os, urllib.request as http; \
host = os.environ.get('TRUSTED_HOSTS', 'localhost').split(',')[0].strip().lstrip('.'); \
url = f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz'; \
http.urlopen(http.Request(url, headers={'Host': host}), timeout=4)"]
CMD ["sh", "-c", "exec gunicorn --bind 0.0.0.0:$PORT wsgi:app"]

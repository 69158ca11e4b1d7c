{{- define "sluice.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "sluice.selector" -}}
app.kubernetes.io/name: sluice
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sluice.labels" -}}
{{ include "sluice.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "sluice.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (ternary (include "sluice.fullname" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "sluice.configMap" -}}
{{ printf "%s-config" (include "sluice.fullname" .) }}
{{- end }}

{{/* Settings of each worker that is enabled: name to its own values over the defaults. */}}
{{- define "sluice.workers" -}}
{{- range $name, $own := .Values.workers }}
{{- $worker := mergeOverwrite (deepCopy $.Values.workerDefaults) $own }}
{{- if $worker.enabled }}
{{ $name }}:
{{ toYaml $worker | indent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* The login of the board as environment. It listens on every address of its pod, and does not start there without one. */}}
{{- define "sluice.boardLogin" -}}
{{- $login := .Values.board.login -}}
{{- if $login.existingSecret -}}
- name: SLUICE_BOARD_LOGIN_USERNAME
  valueFrom: { secretKeyRef: { name: {{ $login.existingSecret }}, key: {{ $login.usernameKey }} } }
- name: SLUICE_BOARD_LOGIN_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $login.existingSecret }}, key: {{ $login.passwordKey }} } }
{{- else if $login.proxyHeader -}}
- name: SLUICE_BOARD_LOGIN_PROXY_HEADER
  value: {{ $login.proxyHeader | quote }}
- name: SLUICE_BOARD_LOGIN_PROXY_ADDRESSES
  value: {{ join "," $login.proxyAddresses | quote }}
{{- else -}}
{{- fail "board.login: expected existingSecret (a Secret with user and password), or proxyHeader and proxyAddresses; or set board.enabled=false" }}
{{- end }}
- name: SLUICE_BOARD_READ_ONLY
  value: {{ .Values.board.readOnly | quote }}
{{- end }}

{{/* A container of Sluice. Takes dict: root, program, port, resources, extraArgs, extraEnv (text). */}}
{{- define "sluice.pod" -}}
{{- $root := .root -}}
serviceAccountName: {{ include "sluice.serviceAccount" $root }}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  # The group of mounted secrets, such as the token of a service account.
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
containers:
  - name: {{ .program }}
    image: "{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}"
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    args:
      - {{ .program }}
      {{- range $file, $_ := $root.Values.config }}
      - --config=/config/{{ $file }}
      {{- end }}
      {{- range .extraArgs }}
      - {{ . | quote }}
      {{- end }}
    env:
      - name: SLUICE_REDIS_URL
        value: {{ $root.Values.redis.url | quote }}
      - name: SLUICE_PORTS_{{ .program | upper | replace "-" "_" }}
        value: {{ .port | quote }}
      {{- if $root.Values.watcher }}
      - name: SLUICE_WATCHER
        value: "true"
      {{- end }}
      {{- with $root.Values.redis }}
      {{- if and .existingSecret .usernameKey }}
      - name: SLUICE_REDIS_USERNAME
        valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .usernameKey }} } }
      {{- end }}
      {{- if and .existingSecret (eq .passwordAs "env") }}
      - name: SLUICE_REDIS_PASSWORD
        valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .passwordKey }} } }
      {{- else if .existingSecret }}
      - name: SLUICE_REDIS_PASSWORD_FILE
        value: /secrets/redis/{{ .passwordKey }}
      {{- end }}
      {{- end }}
      {{- with .extraEnv }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with $root.Values.env }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with $root.Values.envFrom }}
    envFrom: {{ toYaml . | nindent 6 }}
    {{- end }}
    ports:
      - name: http
        containerPort: {{ .port }}
    # A worker that waits for Redis or Kinesis is meant to wait: only one is restarted that does not answer, or has work and does none.
    livenessProbe:
      httpGet: { path: /live, port: http }
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
    readinessProbe:
      httpGet: { path: /ready, port: http }
      periodSeconds: 5
      timeoutSeconds: 5
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: { drop: [ALL] }
    resources: {{ toYaml .resources | nindent 6 }}
    volumeMounts:
      - { name: config, mountPath: /config, readOnly: true }
      {{- if and $root.Values.redis.existingSecret (ne $root.Values.redis.passwordAs "env") }}
      - { name: redis, mountPath: /secrets/redis, readOnly: true }
      {{- end }}
volumes:
  - name: config
    configMap: { name: {{ include "sluice.configMap" $root }} }
  {{- if and $root.Values.redis.existingSecret (ne $root.Values.redis.passwordAs "env") }}
  - name: redis
    secret:
      secretName: {{ $root.Values.redis.existingSecret }}
      defaultMode: 0440
      items: [{ key: {{ $root.Values.redis.passwordKey }}, path: {{ $root.Values.redis.passwordKey }} }]
  {{- end }}
{{- end }}

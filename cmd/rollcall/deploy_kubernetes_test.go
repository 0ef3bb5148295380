package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// The parts of Kubernetes' objects that the manifest uses, by their fields' names.
type (
	kubeObject struct {
		APIVersion string         `yaml:"apiVersion"`
		Kind       string         `yaml:"kind"`
		Metadata   map[string]any `yaml:"metadata"`
		Automount  *bool          `yaml:"automountServiceAccountToken"`
		Data       map[string]string
		Spec       yaml.Node
	}
	kubeLabels struct {
		MatchLabels map[string]string `yaml:"matchLabels"`
	}
	kubeDeployment struct {
		Replicas int
		Selector kubeLabels
		Strategy struct {
			Type          string
			RollingUpdate struct {
				MaxUnavailable int `yaml:"maxUnavailable"`
				MaxSurge       int `yaml:"maxSurge"`
			} `yaml:"rollingUpdate"`
		}
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     kubePod
		}
	}
	kubePod struct {
		ServiceAccountName string           `yaml:"serviceAccountName"`
		Automount          *bool            `yaml:"automountServiceAccountToken"`
		Grace              int              `yaml:"terminationGracePeriodSeconds"`
		Security           map[string]any   `yaml:"securityContext"`
		Spread             []map[string]any `yaml:"topologySpreadConstraints"`
		Containers         []kubeContainer
		Volumes            []map[string]any
	}
	kubeContainer struct {
		Name, Image string
		Args        []string
		Ports       []struct {
			Name string
			Port int `yaml:"containerPort"`
		}
		EnvFrom    []map[string]map[string]string `yaml:"envFrom"`
		Env        []struct{ Name, Value string }
		kubeProbes `yaml:",inline"`
		Lifecycle  struct {
			PreStop struct{ Sleep struct{ Seconds int } } `yaml:"preStop"`
		}
		Security  map[string]any `yaml:"securityContext"`
		Resources map[string]map[string]string
		Mounts    []kubeMount `yaml:"volumeMounts"`
	}
	kubeProbes struct {
		Startup   kubeProbe `yaml:"startupProbe"`
		Readiness kubeProbe `yaml:"readinessProbe"`
		Liveness  kubeProbe `yaml:"livenessProbe"`
	}
	kubeMount struct {
		Name     string
		Path     string `yaml:"mountPath"`
		ReadOnly bool   `yaml:"readOnly"`
	}
	kubeProbe struct {
		HTTP    struct{ Path, Port string } `yaml:"httpGet"`
		Period  int                         `yaml:"periodSeconds"`
		Timeout int                         `yaml:"timeoutSeconds"`
		Failure int                         `yaml:"failureThreshold"`
	}
	kubeBudget struct {
		MinAvailable int `yaml:"minAvailable"`
		Selector     kubeLabels
	}
	kubeService struct {
		Selector map[string]string
		Ports    []struct {
			Name       string
			Port       int
			TargetPort string `yaml:"targetPort"`
		}
	}
)

func TestTheManifestFitsTheProgram(t *testing.T) {
	kinds := map[string]kubeObject{}
	for _, o := range strictly[kubeObject](t, deployed(t, "kubernetes/rollcall.yaml")) {
		kinds[o.Kind] = o
	}
	spec := func(kind, version string) string {
		o, ok := kinds[kind]
		if !ok || o.APIVersion != version || o.Metadata["name"] != "rollcall" {
			t.Fatalf("%s: %+v", kind, o)
		}
		b, err := yaml.Marshal(&o.Spec)
		must(t, err)
		return string(b)
	}
	d := strictly[kubeDeployment](t, spec("Deployment", "apps/v1"))[0]
	budget := strictly[kubeBudget](t, spec("PodDisruptionBudget", "policy/v1"))[0]
	service := strictly[kubeService](t, spec("Service", "v1"))[0]
	for _, labels := range []map[string]string{d.Selector.MatchLabels, budget.Selector.MatchLabels, service.Selector} {
		if len(labels) != 1 || labels["app.kubernetes.io/name"] != d.Template.Metadata.Labels["app.kubernetes.io/name"] {
			t.Errorf("%v does not select the pods", labels)
		}
	}
	if d.Replicas < 2 || budget.MinAvailable >= d.Replicas || budget.MinAvailable < 1 || d.Strategy.RollingUpdate.MaxUnavailable != 0 {
		t.Errorf("%d replicas, %d of them always: %+v", d.Replicas, budget.MinAvailable, d.Strategy)
	}
	pod := d.Template.Spec
	c := pod.Containers[0]
	if least := time.Duration(c.Lifecycle.PreStop.Sleep.Seconds)*time.Second + drainMost; time.Duration(pod.Grace)*time.Second <= least {
		t.Errorf("terminationGracePeriodSeconds %d, and the end takes up to %s", pod.Grace, least)
	}
	if pod.Security["runAsNonRoot"] != true || pod.Security["runAsUser"] != 65532 || c.Security["readOnlyRootFilesystem"] != true ||
		c.Security["allowPrivilegeEscalation"] != false || *pod.Automount || c.Resources["limits"]["memory"] == "" {
		t.Errorf("%+v %+v", pod.Security, c.Security)
	}
	if !slices.Equal(c.Args, []string{"serve"}) || c.Ports[0].Name != service.Ports[0].TargetPort {
		t.Errorf("%v, %v", c.Args, c.Ports)
	}
	// The addresses are the server's own: TestServeRunsInsideATest and bot/web's tests ask them.
	for path, probe := range map[string]kubeProbe{"/livez": c.Liveness, "/readyz": c.Readiness} {
		// A check of the database takes up to 2 s.
		if probe.HTTP.Path != path || probe.HTTP.Port != c.Ports[0].Name || probe.Timeout < 3 {
			t.Errorf("%s: %+v", path, probe)
		}
	}
	if c.Startup.HTTP != c.Readiness.HTTP || c.Startup.Period*c.Startup.Failure < 120 {
		t.Errorf("a start that brings the database up to date has no time: %+v", c.Startup)
	}
	mountsHold(t, pod, c)
}

// mountsHold looks that every folder that is written to, and every file that is
// read, is on a volume.
func mountsHold(t *testing.T, pod kubePod, c kubeContainer) {
	t.Helper()
	for _, e := range c.Env {
		if !strings.HasPrefix(e.Value, "/") {
			continue
		}
		if !slices.ContainsFunc(c.Mounts, func(m kubeMount) bool { return strings.HasPrefix(e.Value, m.Path+"/") }) {
			t.Errorf("%s=%s is on no volume", e.Name, e.Value)
		}
	}
	for _, m := range c.Mounts {
		if !slices.ContainsFunc(pod.Volumes, func(v map[string]any) bool { return v["name"] == m.Name }) {
			t.Errorf("there is no volume %s", m.Name)
		}
	}
}

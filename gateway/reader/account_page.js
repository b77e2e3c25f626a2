// The pages behind the links of letters: the secret stands behind # of the address, which no browser
// sends, and goes to the gateway in the body of one POST. Nothing is kept.
const page = document.getElementById("konto");
const part = (id) => document.getElementById(id);
const title = document.title;
let secret = location.hash.slice(1);
let password = "";
let known = false;
let csrf = "";

const ask = async (path, body) => {
    const headers = {"Content-Type": "application/json"};
    if (csrf !== "") {
        headers["X-CSRF-Token"] = csrf;
    }
    try {
        const answer = await fetch(path, {
            method: "POST", headers, body: JSON.stringify(body),
            credentials: "same-origin", referrerPolicy: "no-referrer",
        });
        return {status: answer.status, data: await answer.json()};
    } catch {
        return {status: 0, data: {detail: "Brama nie odpowiada. Sprawdź połączenie i spróbuj jeszcze raz."}};
    }
};

const say = (text) => {
    part("stan").textContent = text;
};

const refuse = (text, field) => {
    document.title = "Błąd: " + title;
    part("blad").textContent = text;
    part("blad").hidden = false;
    say("");
    if (field) {
        field.setAttribute("aria-invalid", "true");
        field.focus();
    } else {
        part("blad").focus();
    }
};

const clear = () => {
    document.title = title;
    part("blad").hidden = true;
    for (const field of document.querySelectorAll("[aria-invalid]")) {
        field.removeAttribute("aria-invalid");
    }
};

const show = (id) => {
    for (const one of page.querySelectorAll("[data-krok]")) {
        one.hidden = !one.dataset.krok.split(" ").includes(id);
    }
    const first = page.querySelector("[data-krok]:not([hidden]) :is(h2, input)");
    if (first) {
        first.focus();
    }
};

// What was used is worth nothing any more, and need not stand in the history of the browser.
const forget = () => {
    secret = "";
    history.replaceState(null, "", location.pathname);
};

const enrol = (data) => {
    const picture = new DOMParser().parseFromString(data.totp_qr_svg, "image/svg+xml");
    part("qr").replaceChildren(document.importNode(picture.documentElement, true));
    part("uri").href = data.totp_uri;
    part("klucz").textContent = data.totp_secret.replace(/(.{4})/g, "$1 ").trim();
    part("kody").replaceChildren(...data.recovery_codes.map((code) => {
        const line = document.createElement("li");
        const text = document.createElement("code");
        text.textContent = code;
        line.append(text);
        return line;
    }));
    part("haslo").value = password;
    show("aplikacja");
};

const finish = (name, places) => {
    part("kto").textContent = name;
    part("role").replaceChildren(...places.map((place) => {
        const line = document.createElement("li");
        line.textContent = place.role_title + ": " + place.name;
        return line;
    }));
    password = "";
    show("koniec");
};

// Who is signed in here, if anybody is: what changes anything then needs the token of the session.
const look = async () => {
    try {
        const answer = await fetch("/api/v1/session", {credentials: "same-origin"});
        const data = answer.ok ? await answer.json() : null;
        csrf = data?.csrf_token ?? "";
        return data;
    } catch {
        return null;
    }
};

const welcome = async () => {
    const data = await look();
    finish(data?.name ?? "", data?.appointments ?? []);
};

const accept = async () => {
    say("Sprawdzamy odnośnik.");
    await look();
    const {status, data} = await ask(page.dataset.adres, {token: secret, password});
    say("");
    if (status === 401) {
        known = true;
        part("wiadomo").textContent = "Masz już konto w bramie: zaloguj się, a przyjmiemy zaproszenie.";
        show("wejscie");
    } else if (status !== 200 && status !== 201) {
        refuse(data.detail ?? "Coś nie zadziałało po naszej stronie. Spróbuj za chwilę jeszcze raz.");
    } else if (data.totp_uri) {
        forget();
        enrol(data);
    } else {
        forget();
        return true;
    }
    return false;
};

part("nowe").addEventListener("submit", async (event) => {
    event.preventDefault();
    clear();
    password = part("pierwsze").value;
    if (password !== part("drugie").value) {
        refuse("Hasła się różnią. Wpisz to samo hasło dwa razy.", part("drugie"));
        return;
    }
    if (await accept()) {
        await welcome();
    }
});

part("wejscie").addEventListener("submit", async (event) => {
    event.preventDefault();
    clear();
    say("Logujemy.");
    const {status, data} = await ask("/api/v1/session", {
        email: part("email").value.trim(),
        password: part("haslo").value,
        code: part("kod").value.replace(/\s/g, ""),
    });
    say("");
    if (status !== 201) {
        refuse(data.detail ?? "Nie udało się zalogować. Spróbuj za chwilę jeszcze raz.", part("kod"));
        return;
    }
    password = part("haslo").value;
    if (!known || secret === "" || await accept()) {
        await welcome();
    }
});

if (secret === "") {
    refuse("W adresie nie ma tajnej części odnośnika. Otwórz odnośnik z listu jeszcze raz, w całości.");
} else {
    show("nowe");
}

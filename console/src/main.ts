import './style.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { showDirections } from './lib/bidi'
import { applyTheme } from './lib/theme'

applyTheme()
showDirections(document)
mount(App, { target: document.getElementById('app')! })
